package io.jollyboat.client;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resources;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.server.http.Backend;
import io.jollyboat.server.http.HttpServer;
import io.jollyboat.server.http.HttpSettings;
import io.jollyboat.server.http.wire.Tls;
import io.jollyboat.testing.TestAuthority;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server's HTTPS port on the loopback address, and clients that show a certificate. */
final class Port {
    private static final TestAuthority AUTHORITY = new TestAuthority();
    private static final TestAuthority.Identity SERVER = AUTHORITY.server();
    private static final TestAuthority.Identity TESTER = AUTHORITY.client("CN=tester,O=system:masters");

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Opens the port and a client of it. */
    Api open(Server server) throws IOException {
        return new HttpApi(connection(serve(server)), World.system());
    }

    /** Opens the port; its number. */
    int serve(Server server) throws IOException {
        Tls tls = new Tls(List.of(SERVER.certificate()), SERVER.key(), List.of(AUTHORITY.certificate()));
        HttpServer http = HttpServer.start(
                World.system(),
                HttpSettings.onPort(0),
                Optional.of(tls),
                HttpServer.Parts.plain(
                        Backend.of(server, Resources::builtIn, Map.of()),
                        (certificates, authorization) ->
                                certificates.isEmpty() ? Optional.empty() : Optional.of(User.component("tester"))));
        opened.push(http);
        return http.port();
    }

    /** How a client gets there, or to whoever passes on what comes to another port. */
    Connection connection(int port) {
        return Connection.certified(
                URI.create("https://127.0.0.1:" + port),
                AUTHORITY.certificatePem(),
                TESTER.certificatePem(),
                TESTER.keyPem());
    }

    void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
