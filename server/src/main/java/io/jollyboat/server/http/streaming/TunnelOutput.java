package io.jollyboat.server.http.streaming;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Sends every write as one binary message of a WebSocket. */
final class TunnelOutput extends OutputStream {
    private final WebSocket socket;

    TunnelOutput(WebSocket socket) {
        this.socket = socket;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        socket.send(Arrays.copyOfRange(source, offset, offset + length), length);
    }
}
