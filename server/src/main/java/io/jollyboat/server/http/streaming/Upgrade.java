package io.jollyboat.server.http.streaming;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.server.http.wire.Duplex;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A client's wish to change from HTTP to a streaming protocol, and what was agreed upon.
 *
 * @param webSocket else SPDY/3.1
 * @param protocol the sub-protocol of both sides' lists, "" where the client named none
 */
public record Upgrade(boolean webSocket, String protocol) {
    private static final String SPDY = "SPDY/3.1";
    private static final String SPDY_PROTOCOLS = "x-stream-protocol-version";
    private static final String SOCKET_PROTOCOLS = "sec-websocket-protocol";

    /** Whether a request wants to leave HTTP at all. */
    public static boolean wanted(Request request) {
        return mentions(request.headers("connection"), "upgrade")
                && request.headers("upgrade").stream()
                        .anyMatch(u -> u.equalsIgnoreCase("websocket") || u.equalsIgnoreCase(SPDY));
    }

    private static boolean mentions(List<String> headers, String word) {
        return headers.stream()
                .flatMap(line -> List.of(line.split(",")).stream())
                .anyMatch(part -> part.strip().equalsIgnoreCase(word));
    }

    /**
     * Agrees on a protocol: the first in the client's order that the server speaks.
     *
     * @param sockets sub-protocols over WebSocket
     * @param spdy sub-protocols over SPDY
     * @throws StatusException BadRequest when the client wants no upgrade, or none that the server speaks
     */
    public static Upgrade agree(Request request, Response response, List<String> sockets, List<String> spdy) {
        if (!wanted(request) || !response.canSwitch()) {
            throw StatusException.badRequest("Upgrade request required");
        }
        boolean webSocket = mentions(request.headers("upgrade"), "websocket");
        if (webSocket
                && (!request.method().equals("GET")
                        || !request.header("sec-websocket-version").equals("13")
                        || request.header("sec-websocket-key").isEmpty())) {
            throw StatusException.badRequest("a WebSocket opening handshake (RFC 6455, 4.2.1) is required");
        }
        List<String> offered = new ArrayList<>();
        for (String line : request.headers(webSocket ? SOCKET_PROTOCOLS : SPDY_PROTOCOLS)) {
            for (String part : line.split(",")) {
                offered.add(part.strip());
            }
        }
        List<String> spoken = webSocket ? sockets : spdy;
        if (offered.isEmpty()) {
            return new Upgrade(webSocket, "");
        }
        Optional<String> agreed = offered.stream().filter(spoken::contains).findFirst();
        return new Upgrade(
                webSocket,
                agreed.orElseThrow(() -> StatusException.of(
                        webSocket ? Reason.BAD_REQUEST : Reason.FORBIDDEN,
                        "unable to negotiate protocol: client supports %s, server accepts %s"
                                .formatted(offered, spoken))));
    }

    /** Answers 101; the connection then speaks the new protocol. */
    Duplex accept(Request request, Response response) throws IOException {
        response.header("connection", "Upgrade").header("upgrade", webSocket ? "websocket" : SPDY);
        if (webSocket) {
            response.header("sec-websocket-accept", WebSocket.accept(request.header("sec-websocket-key")));
        }
        if (!protocol.isEmpty()) {
            response.header(webSocket ? SOCKET_PROTOCOLS : SPDY_PROTOCOLS, protocol);
        }
        return response.switchProtocols();
    }

    /** The version in a protocol's name: 5 of {@code v5.channel.k8s.io}, 1 where none stands there. */
    int version() {
        String name = protocol.toLowerCase(Locale.ROOT);
        return name.startsWith("v") && name.length() > 1 && Character.isDigit(name.charAt(1))
                ? name.charAt(1) - '0'
                : 1;
    }

    boolean base64() {
        return protocol.contains("base64.");
    }
}
