package io.jollyboat.server.http;

import io.jollyboat.api.Resources;
import io.jollyboat.api.Streams;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.server.http.wire.Tls;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The face over the real core and a store in memory, on a loopback port, with short words for what tests do. */
final class FaceFixture implements AutoCloseable {
    private static final Documents DOCUMENTS =
            Documents.of(new io.jollyboat.api.openapi.Documents(Resources.builtIn(), "v1.35.0"));
    static final String TOKEN = "Bearer let-me-in";
    /** Of somebody who is no administrator: his name follows. */
    static final String ORDINARY = "Bearer ordinary-";

    final Server core = Server.over(World.system(), new MemoryStore(), BuiltInSchema.schema())
            .build();
    final HttpServer server;
    private final HttpClient client;
    private final String scheme;

    /** Plain HTTP/1.1. */
    FaceFixture() throws IOException {
        this(HttpSettings.onPort(0));
    }

    FaceFixture(HttpSettings settings) throws IOException {
        this(
                settings,
                Optional.empty(),
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    FaceFixture(HttpSettings settings, Optional<Tls> tls, HttpClient client) throws IOException {
        this(settings, tls, client, new NoStreams());
    }

    FaceFixture(HttpSettings settings, Optional<Tls> tls, HttpClient client, Streams streams) throws IOException {
        Backend backend = Backend.of(core, Resources::builtIn, Map.of());
        this.server = HttpServer.start(
                World.system(),
                settings,
                tls,
                new HttpServer.Parts(backend, FaceFixture::authenticate, DOCUMENTS, streams));
        this.client = client;
        this.scheme = tls.isPresent() ? "https" : "http";
        request("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"default\"}}");
        request("POST", "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    /** Knows one administrator's token, those of ordinary users, and everybody with a certificate. */
    private static Optional<User> authenticate(List<X509Certificate> certificates, String authorization) {
        if (authorization.equals(TOKEN)) {
            return Optional.of(User.component("tester"));
        }
        if (authorization.startsWith(ORDINARY)) {
            String name = authorization.substring(ORDINARY.length());
            return Optional.of(new User(name, "", Set.of("system:authenticated"), Map.of()));
        }
        if (certificates.isEmpty() || !authorization.isEmpty()) {
            return Optional.empty();
        }
        String name = certificates.getFirst().getSubjectX500Principal().getName();
        Set<String> groups = new HashSet<>(Set.of("system:authenticated"));
        Arrays.stream(name.split(",")).filter(p -> p.startsWith("O=")).forEach(p -> groups.add(p.substring(2)));
        String cn = Arrays.stream(name.split(","))
                .filter(p -> p.startsWith("CN="))
                .findFirst()
                .orElseThrow();
        return Optional.of(new User(cn.substring(3), "", groups, Map.of()));
    }

    URI uri(String path) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60)).header("Authorization", TOKEN);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(to(path));
    }

    HttpResponse<String> request(String method, String path, String body) {
        return send(to(path).method(method, BodyPublishers.ofString(body)).header("Content-Type", "application/json"));
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** A Pod that runs, with one container. */
    void makePod(String name) {
        String pods = "/api/v1/namespaces/default/pods";
        var made = request(
                "POST",
                pods,
                "{\"metadata\":{\"name\":\"" + name
                        + "\"},\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"stdin\":true}]}}");
        if (made.statusCode() != 201) {
            throw new AssertionError(made.body());
        }
        var running = send(to(pods + "/" + name + "/status")
                .method("PATCH", BodyPublishers.ofString("{\"status\":{\"phase\":\"Running\"}}"))
                .header("Content-Type", "application/merge-patch+json"));
        if (running.statusCode() != 200) {
            throw new AssertionError(running.body());
        }
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
