package io.jollyboat.server.http.streaming;

import io.jollyboat.server.http.wire.Duplex;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What is written until a {@link #flush} becomes one text message of a WebSocket. */
public final class Messages extends OutputStream {
    private final WebSocket socket;
    private final Duplex connection;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    private Messages(WebSocket socket, Duplex connection) {
        this.socket = socket;
        this.connection = connection;
    }

    /**
     * Changes the protocol.
     *
     * @param left is run when the client says goodbye; what else it says means nothing
     */
    public static OutputStream open(World world, Request request, Response response, Upgrade upgrade, Runnable left)
            throws IOException {
        Duplex connection = upgrade.accept(request, response);
        WebSocket socket = new WebSocket(connection);
        Commands.start(world, "watcher's messages", () -> {
            while (socket.receive().isPresent()) {
                // the client has nothing to say
            }
            left.run();
        });
        return new Messages(socket, connection);
    }

    @Override
    public void write(int b) {
        message.write(b);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        message.write(source, offset, length);
    }

    @Override
    public void flush() throws IOException {
        if (message.size() > 0) {
            byte[] payload = message.toByteArray();
            message.reset();
            socket.sendText(payload);
        }
    }

    @Override
    public void close() throws IOException {
        flush();
        socket.close(WebSocket.NORMAL);
        connection.close();
    }
}
