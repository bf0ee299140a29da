package io.jollyboat.server.http.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The messages of a WebSocket joined into one stream of bytes; how they were cut means nothing, and some are empty. */
final class TunnelInput extends InputStream {
    private final WebSocket socket;
    private byte[] message = new byte[0];
    private int used;

    TunnelInput(WebSocket socket) {
        this.socket = socket;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (used == message.length) {
            Optional<byte[]> next = socket.receive();
            if (next.isEmpty()) {
                return -1;
            }
            message = next.get();
            used = 0;
        }
        int count = Math.min(length, message.length - used);
        System.arraycopy(message, used, target, offset, count);
        used += count;
        return count;
    }
}
