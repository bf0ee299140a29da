package io.jollyboat.server.http.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.server.http.wire.Duplex;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Frames of clients: the first byte of an input says whether the rest is SPDY, a WebSocket, or one in base64. */
class FramesFuzzTest extends FuzzContract {
    private static final int MOST_STREAMS = 2000;

    FramesFuzzTest() {
        super("frames.txt");
    }

    @Override
    protected void take(byte[] input) throws InterruptedException {
        if (input.length == 0) {
            return;
        }
        byte[] frames = Arrays.copyOfRange(input, 1, input.length);
        try {
            switch (input[0] % 3) {
                case 0 -> spdy(frames);
                case 1 -> socket(frames, new Upgrade(true, "v5.channel.k8s.io"));
                default -> socket(frames, new Upgrade(true, "base64.channel.k8s.io"));
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** What streams are sent is thrown away at once, so that the reader never waits for room. */
    private static void spdy(byte[] frames) throws IOException {
        List<Spdy.Stream> opened = new ArrayList<>();
        try {
            new Spdy(new ByteArrayInputStream(frames), OutputStream.nullOutputStream()).run(stream -> {
                opened.add(stream);
                stream.header("streamtype");
                stream.forget();
            });
        } finally {
            assertThat(opened).hasSizeLessThanOrEqualTo(frames.length);
        }
        assertThat(opened).hasSizeLessThanOrEqualTo(MOST_STREAMS);
    }

    private static void socket(byte[] frames, Upgrade upgrade) throws IOException {
        WebSocket socket = new WebSocket(new Bytes(frames));
        SocketClient client = new SocketClient(socket, upgrade);
        client.stdin().close();
        client.sizes().close();
        client.run();
    }

    /** A connection on which these bytes come and nothing is heard. */
    private record Bytes(byte[] bytes) implements Duplex {
        @Override
        public InputStream input() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public OutputStream output() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {}
    }
}
