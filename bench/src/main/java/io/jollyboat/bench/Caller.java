package io.jollyboat.bench;

import io.jollyboat.client.Connection;
import io.jollyboat.world.World;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls an API server over HTTPS for very many, with few connections: each call takes one that nobody uses at the
 * moment, each watch has its own. It says how long calls took, by verb, as their caller felt it.
 */
final class Caller implements AutoCloseable {
    static final String ADMINISTRATOR = "";
    static final String MERGE = "application/merge-patch+json";
    static final String STRATEGIC = "application/strategic-merge-patch+json";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int AT_ONCE = 64;
    private static final int BUFFER = 4 << 10;

    private final Connection access;
    private final int port;
    private final World world;
    private final Verbs verbs;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final ConcurrentLinkedDeque<Wire> idle = new ConcurrentLinkedDeque<>();

    Caller(Connection access, int port, World world, Verbs verbs) {
        this.access = access;
        this.port = port;
        this.world = world;
        this.verbs = verbs;
    }

    /** An answer that is no success. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int code;

        Refused(int code, String text) {
            super(text);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /**
     * Asks and waits for the answer.
     *
     * @param node whose rights to use, or {@link #ADMINISTRATOR}
     * @param verb under which its time is counted, "" for none
     * @param type of the body, which is "" for none
     */
    JsonNode call(String node, String verb, String method, String path, String type, String body)
            throws InterruptedException {
        turns.acquire();
        try {
            Wire wire = idle.poll();
            if (wire == null) {
                wire = new Wire();
            }
            long start = world.nanoTime();
            wire.ask(node, method, path, type, body);
            byte[] answer = wire.answer();
            if (!verb.isEmpty()) {
                verbs.add(verb, world.nanoTime() - start);
            }
            int status = wire.status;
            idle.push(wire);
            if (status >= 300) {
                throw new Refused(status, method + " " + path + ": " + new String(answer, StandardCharsets.UTF_8));
            }
            return verb.startsWith("LIST") ? JSON.nullNode() : JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } finally {
            turns.release();
        }
    }

    JsonNode get(String path) throws InterruptedException {
        return call(ADMINISTRATOR, "", "GET", path, "", "");
    }

    /** Tells each event of a watch until it ends, or the reader has enough. */
    void watch(String node, String path, Predicate<JsonNode> reader) throws IOException {
        try (Wire wire = new Wire()) {
            wire.ask(node, "GET", path, "", "");
            wire.head();
            if (wire.status != 200) {
                throw new IOException(path + ": " + wire.status);
            }
            Lines lines = new Lines(reader);
            for (byte[] part = wire.chunk(); part.length > 0; part = wire.chunk()) {
                if (!lines.take(part)) {
                    return;
                }
            }
        }
    }

    /** Puts the parts of a stream together to lines. */
    private static final class Lines {
        private final Predicate<JsonNode> reader;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(Predicate<JsonNode> reader) {
            this.reader = reader;
        }

        /** False when the reader has enough. */
        boolean take(byte[] part) {
            int start = 0;
            for (int i = 0; i < part.length; i++) {
                if (part[i] == '\n') {
                    line.write(part, start, i - start);
                    start = i + 1;
                    JsonNode event = JSON.readTree(line.toByteArray());
                    line.reset();
                    if (!reader.test(event)) {
                        return false;
                    }
                }
            }
            line.write(part, start, part.length - start);
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        for (Wire wire = idle.poll(); wire != null; wire = idle.poll()) {
            wire.close();
        }
    }

    /** One connection. */
    private final class Wire implements AutoCloseable {
        private static final int CHUNKS = -1;

        private final SSLSocket socket;
        private final InputStream in;
        private int status;

        Wire() throws IOException {
            socket = (SSLSocket) access.tls().getSocketFactory().createSocket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        }

        void ask(String node, String method, String path, String type, String body) throws IOException {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            StringBuilder head = new StringBuilder();
            head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nhost: bench\r\nuser-agent: bench/1\r\n");
            head.append("accept: application/json\r\n");
            if (!node.isEmpty()) {
                head.append("impersonate-user: system:node:").append(node);
                head.append("\r\nimpersonate-group: system:nodes\r\n");
            }
            if (content.length > 0) {
                head.append("content-type: ").append(type.isEmpty() ? "application/json" : type);
                head.append("\r\ncontent-length: ").append(content.length).append("\r\n");
            }
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            whole.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            whole.writeBytes(content);
            socket.getOutputStream().write(whole.toByteArray());
        }

        byte[] answer() throws IOException {
            int length = head();
            if (length != CHUNKS) {
                return in.readNBytes(length);
            }
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (byte[] part = chunk(); part.length > 0; part = chunk()) {
                whole.writeBytes(part);
            }
            return whole.toByteArray();
        }

        int head() throws IOException {
            status = Integer.parseInt(line().split(" ")[1]);
            int length = CHUNKS;
            for (String line = line(); !line.isEmpty(); line = line()) {
                String lower = line.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(
                            lower.substring(lower.indexOf(':') + 1).strip());
                }
            }
            return length;
        }

        byte[] chunk() throws IOException {
            return HttpInput.chunk(in);
        }

        private String line() throws IOException {
            return HttpInput.line(in);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
