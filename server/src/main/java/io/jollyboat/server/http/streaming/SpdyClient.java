package io.jollyboat.server.http.streaming;

import io.jollyboat.api.Streams.Wanted;
import io.jollyboat.server.http.wire.ClientGoneException;
import io.jollyboat.server.http.wire.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client that speaks {@code vN.channel.k8s.io} over SPDY: one stream for each of the command's. */
final class SpdyClient implements Client {
    private static final int PATIENCE_SECONDS = 30;

    private final Duplex connection;
    private final Spdy spdy;
    private final Upgrade upgrade;
    private final Set<String> expected;
    private final Map<String, Spdy.Stream> streams = new ConcurrentHashMap<>();
    private final CountDownLatch missing;

    SpdyClient(Duplex connection, Upgrade upgrade, Wanted wanted) {
        this.connection = connection;
        this.upgrade = upgrade;
        this.spdy = new Spdy(connection.input(), connection.output());
        this.expected = expected(wanted, upgrade.version());
        this.missing = new CountDownLatch(expected.size());
    }

    private static Set<String> expected(Wanted wanted, int version) {
        Set<String> types = new HashSet<>(Set.of("error"));
        if (wanted.stdin()) {
            types.add("stdin");
        }
        if (wanted.stdout()) {
            types.add("stdout");
        }
        if (wanted.stderr() && !wanted.tty()) {
            types.add("stderr");
        }
        if (wanted.tty() && version >= 3) {
            types.add("resize");
        }
        return types;
    }

    /** Reads until the client has gone. */
    void run() throws IOException {
        try {
            spdy.run(stream -> {
                String type = stream.header("streamtype");
                if (expected.contains(type) && streams.putIfAbsent(type, stream) == null) {
                    missing.countDown();
                }
            });
        } finally {
            while (missing.getCount() > 0) {
                missing.countDown();
            }
        }
    }

    /** @throws ClientGoneException when the client does not open all the streams that it asked for */
    void awaitStreams() throws IOException, InterruptedException {
        boolean came = missing.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!came || streams.size() < expected.size()) {
            connection.close();
            throw new ClientGoneException("the client opened only the streams " + streams.keySet());
        }
    }

    private InputStream input(String type) {
        Spdy.Stream stream = streams.get(type);
        return stream == null ? InputStream.nullInputStream() : stream.input();
    }

    private OutputStream output(String type) {
        Spdy.Stream stream = streams.get(type);
        return stream == null ? OutputStream.nullOutputStream() : stream;
    }

    @Override
    public InputStream stdin() {
        return input("stdin");
    }

    @Override
    public InputStream sizes() {
        return input("resize");
    }

    @Override
    public OutputStream stdout() {
        return output("stdout");
    }

    @Override
    public OutputStream stderr() {
        return output("stderr");
    }

    @Override
    public boolean tellsStatus() {
        return upgrade.version() >= 4;
    }

    @Override
    public void finish(String outcome) throws IOException {
        try {
            output("error").write(outcome.getBytes(StandardCharsets.UTF_8));
            for (Spdy.Stream stream : streams.values()) {
                stream.close();
            }
            spdy.goAway();
        } finally {
            connection.close();
            streams.values().forEach(Spdy.Stream::forget);
        }
    }
}
