package io.jollyboat.server.http.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that writes bytes as it likes. */
final class Raw implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    final Socket socket;

    Raw(Listener listener) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    Raw send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Sends a text of which the server may have had enough, and said so, before it has all of it. */
    void sendUnlessRefused(String text) {
        try {
            send(text);
        } catch (IOException e) {
            // What it said is there to be read.
        }
    }

    /** Everything until the server closes. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** As much as ends with {@code end}. */
    String until(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < end.length()
                || !text.substring(text.length() - end.length()).equals(end)) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("the connection ended after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
