package io.jollyboat.server.compatibility;

import io.jollyboat.api.Resources;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.server.access.AccessControl;
import io.jollyboat.server.http.Backend;
import io.jollyboat.server.http.Documents;
import io.jollyboat.server.http.HttpServer;
import io.jollyboat.server.http.HttpSettings;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.testing.Samples;
import io.jollyboat.testing.TestAuthority;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The server over a store in memory, with its access control, on a loopback port, as one administrator sees it. */
final class Cluster implements AutoCloseable {
    static final String ADMINISTRATOR = "tester";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpServer http;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Cluster() throws IOException {
        World world = World.system();
        KeyPair keys = TestAuthority.newKeys();
        Server server = new AccessControl(world, keys.getPrivate(), keys.getPublic())
                .install(Server.over(world, new MemoryStore(), BuiltInSchema.schema()))
                .build();
        server.repairOwnObjects();
        http = HttpServer.start(
                world,
                HttpSettings.onPort(0),
                Optional.empty(),
                new HttpServer.Parts(
                        Backend.of(server, Resources::builtIn, Map.of()),
                        (certificates, authorization) -> Optional.of(User.component(ADMINISTRATOR)),
                        Documents.of(new io.jollyboat.api.openapi.Documents(Resources.builtIn(), "v1.35.0"))));
        String namespace = "{\"metadata\":{\"name\":\"" + Samples.NAMESPACE + "\"}}";
        String account = "{\"metadata\":{\"name\":\"default\"}}";
        send("POST", "/api/v1/namespaces", namespace).is(201);
        send("POST", "/api/v1/namespaces/" + Samples.NAMESPACE + "/serviceaccounts", account)
                .is(201);
    }

    Answer send(String method, String path, String body, String... headers) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer send(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = request(path).method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return Answer.of(method + " " + path, client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    /** The lines of a watch; whoever reads waits no longer than {@code timeoutSeconds} in the path. */
    BufferedReader lines(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<java.io.InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new AssertionError("GET " + path + " answered " + response.statusCode());
        }
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
                .timeout(PATIENCE);
    }

    @Override
    public void close() {
        client.close();
        http.close();
    }
}
