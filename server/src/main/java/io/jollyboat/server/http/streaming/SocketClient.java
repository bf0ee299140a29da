package io.jollyboat.server.http.streaming;

import io.jollyboat.world.Pipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A client that speaks {@code [vN.][base64.]channel.k8s.io} over a WebSocket: the first byte of each message says of
 * which stream the rest is.
 */
final class SocketClient implements Client {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int ERROR = 3;
    static final int RESIZE = 4;
    private static final int CLOSE = 255;
    private static final int PIPE = 256 << 10;
    private static final int SIZES = 4 << 10;

    private final WebSocket socket;
    private final Upgrade upgrade;
    private final Pipe stdin = new Pipe(PIPE);
    private final Pipe sizes = new Pipe(SIZES);

    SocketClient(WebSocket socket, Upgrade upgrade) {
        this.socket = socket;
        this.upgrade = upgrade;
    }

    /** Reads until the client has gone. */
    void run() throws IOException {
        try {
            for (Optional<byte[]> message; (message = socket.receive()).isPresent(); ) {
                if (message.get().length > 0) {
                    take(message.get());
                }
            }
        } finally {
            stdin.end();
            sizes.end();
        }
    }

    private void take(byte[] message) throws IOException {
        byte[] content = upgrade.base64() ? decoded(message) : message;
        int channel = content[0] & 0xff;
        if (channel == STDIN) {
            stdin.write(content, 1, content.length - 1);
        } else if (channel == RESIZE) {
            sizes.write(content, 1, content.length - 1);
        } else if (channel == CLOSE && upgrade.version() >= 5 && content.length == 2 && content[1] == STDIN) {
            stdin.end();
        }
    }

    /** In the base64 form the channel is a digit, and the rest is encoded. */
    static byte[] decoded(byte[] message) throws IOException {
        try {
            byte[] rest =
                    Base64.getDecoder().decode(new String(message, 1, message.length - 1, StandardCharsets.ISO_8859_1));
            byte[] content = new byte[rest.length + 1];
            content[0] = (byte) (message[0] - '0');
            System.arraycopy(rest, 0, content, 1, rest.length);
            return content;
        } catch (IllegalArgumentException e) {
            throw new IOException("the client does not speak base64: " + e.getMessage(), e);
        }
    }

    static void send(WebSocket socket, Upgrade upgrade, int channel, byte[] source, int offset, int length)
            throws IOException {
        if (upgrade.base64()) {
            byte[] part = Arrays.copyOfRange(source, offset, offset + length);
            socket.sendText(channel + Base64.getEncoder().encodeToString(part));
            return;
        }
        byte[] message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(source, offset, message, 1, length);
        socket.send(message, message.length);
    }

    @Override
    public InputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream sizes() {
        return sizes;
    }

    @Override
    public OutputStream stdout() {
        return channel(socket, upgrade, STDOUT);
    }

    @Override
    public OutputStream stderr() {
        return channel(socket, upgrade, STDERR);
    }

    static OutputStream channel(WebSocket socket, Upgrade upgrade, int channel) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                if (length > 0) {
                    send(socket, upgrade, channel, source, offset, length);
                }
            }
        };
    }

    @Override
    public boolean tellsStatus() {
        return upgrade.version() >= 4;
    }

    @Override
    public void finish(String outcome) throws IOException {
        if (!outcome.isEmpty()) {
            byte[] bytes = outcome.getBytes(StandardCharsets.UTF_8);
            send(socket, upgrade, ERROR, bytes, 0, bytes.length);
        }
        socket.close(WebSocket.NORMAL);
        stdin.close();
        sizes.close();
    }
}
