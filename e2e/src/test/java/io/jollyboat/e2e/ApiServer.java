package io.jollyboat.e2e;

import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Streams;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.client.KeyPem;
import io.jollyboat.cluster.SigningAuthority;
import io.jollyboat.controllers.Controllers;
import io.jollyboat.server.Server;
import io.jollyboat.server.access.AccessControl;
import io.jollyboat.server.access.Roles;
import io.jollyboat.server.http.Backend;
import io.jollyboat.server.http.Documents;
import io.jollyboat.server.http.HttpServer;
import io.jollyboat.server.http.HttpSettings;
import io.jollyboat.server.http.wire.Tls;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.testing.TestAuthority;
import io.jollyboat.world.World;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A control plane without nodes in this process: server, access control, HTTPS on the loopback address, controllers. */
final class ApiServer implements AutoCloseable {
    private final TestAuthority authority = new TestAuthority();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final HttpServer http;

    ApiServer() throws IOException {
        World world = World.system();
        KeyPair signer = TestAuthority.newKeys();
        AccessControl access = new AccessControl(world, signer.getPrivate(), signer.getPublic());
        Server server = access.install(Server.over(world, new MemoryStore(), BuiltInSchema.schema()))
                .build();
        started.push(server.start()::cancel);
        Roles.reconcile(server.internal());
        TestAuthority.Identity own = authority.server();
        http = HttpServer.start(
                world,
                HttpSettings.onPort(0),
                Optional.of(new Tls(List.of(own.certificate()), own.key(), List.of(authority.certificate()))),
                new HttpServer.Parts(
                        Backend.of(server, Resources::builtIn, Map.of()),
                        access.authenticator(server),
                        Documents.of(new io.jollyboat.api.openapi.Documents(Resources.builtIn(), "v1.35.0")),
                        nothingStreams()));
        started.push(http);
        Controllers controllers = new Controllers(
                server.internal(), world, new SigningAuthority(world, authority.key(), authority.certificate()));
        controllers.start();
        started.push(controllers);
    }

    private static Streams nothingStreams() {
        return (Streams) Proxy.newProxyInstance(
                Streams.class.getClassLoader(), new Class<?>[] {Streams.class}, (proxy, method, arguments) -> {
                    throw StatusException.of(StatusException.Reason.SERVICE_UNAVAILABLE, "no node is connected");
                });
    }

    String url() {
        return "https://127.0.0.1:" + http.port();
    }

    /** A kubeconfig of the administrator. */
    String kubeconfig() {
        TestAuthority.Identity root = authority.client("CN=root,O=system:masters");
        return kubeconfigOf(root.certificate(), KeyPem.write((ECPrivateKey) root.key(), (ECPublicKey)
                root.certificate().getPublicKey()));
    }

    /** A kubeconfig of whoever has a certificate, and its key in PEM. */
    String kubeconfigOf(X509Certificate certificate, String key) {
        return kubeconfig("{client-certificate-data: " + base64(TestAuthority.pem(certificate)) + ", client-key-data: "
                + base64(key) + "}");
    }

    /** A kubeconfig of whoever has the token. */
    String kubeconfigOf(String token) {
        return kubeconfig("{token: " + token + "}");
    }

    private String kubeconfig(String user) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: c
                  cluster: {server: "%s", certificate-authority-data: %s}
                users:
                - name: u
                  user: %s
                contexts:
                - name: x
                  context: {cluster: c, user: u}
                current-context: x
                """.formatted(url(), base64(authority.certificatePem()), user);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }
}
