package io.jollyboat.server.http.streaming;

import io.jollyboat.server.http.wire.Duplex;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Sends a log as it comes: as a plain text body, or as messages of a WebSocket. */
public final class Logs {
    public static final List<String> SOCKET_PROTOCOLS = List.of("binary.k8s.io", "base64.binary.k8s.io");

    private Logs() {}

    /** Ends with the log, or when the client goes; closes the log then. */
    public static void plain(Request request, Response response, InputStream log) throws IOException {
        request.whenGone(() -> closeQuietly(log));
        try (log) {
            response.header("content-type", "text/plain");
            try (OutputStream body = response.stream()) {
                Commands.copy(log, body);
            }
        }
    }

    /** The same over a WebSocket, whose messages mean nothing but that the client is still there. */
    public static void messages(World world, Request request, Response response, Upgrade upgrade, InputStream log)
            throws IOException {
        request.whenGone(() -> closeQuietly(log));
        try (log;
                Duplex connection = upgrade.accept(request, response)) {
            WebSocket socket = new WebSocket(connection);
            Commands.start(world, "log's reader", () -> {
                while (socket.receive().isPresent()) {
                    // the client has nothing to say
                }
                log.close();
            });
            byte[] part = new byte[32 << 10];
            for (int count; (count = log.read(part)) >= 0; ) {
                if (upgrade.base64()) {
                    socket.sendText(Base64.getEncoder().encodeToString(Arrays.copyOf(part, count)));
                } else {
                    socket.send(part, count);
                }
            }
            socket.close(WebSocket.NORMAL);
        }
    }

    private static void closeQuietly(InputStream log) {
        try {
            log.close();
        } catch (IOException e) {
            // nobody reads it any more
        }
    }
}
