package io.jollyboat.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.server.User;
import io.jollyboat.server.http.Authenticator;
import io.jollyboat.server.http.Backend;
import io.jollyboat.server.http.HttpServer;
import io.jollyboat.server.http.HttpSettings;
import io.jollyboat.testing.Cases;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * As whom a user may be taken. The first case says what {@code ann} may; each other has who asks and with which
 * headers, and either who that is then or the refusal.
 */
class ImpersonationTest {
    private static final List<Cases.Case> CASES = Cases.read(ImpersonationTest.class, "impersonation.cases");
    private static HttpServer server;

    static List<Cases.Case> cases() {
        return CASES.subList(1, CASES.size());
    }

    @BeforeAll
    static void open() throws IOException {
        AccessFixture cluster = new AccessFixture();
        AccessFixture.documents(CASES.getFirst().part(0))
                .forEach(object -> AccessFixture.create(cluster.admin, object));
        Authenticator named = (certificates, authorization) ->
                authorization.isEmpty() ? Optional.empty() : Optional.of(user(authorization));
        server = HttpServer.start(
                World.system(),
                HttpSettings.onPort(0),
                Optional.empty(),
                HttpServer.Parts.plain(Backend.of(cluster.server, Resources::builtIn, Map.of()), named));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static User user(String text) {
        String[] parts = text.split(",");
        Set<String> groups = new LinkedHashSet<>(List.of(parts).subList(1, parts.length));
        groups.add("system:authenticated");
        return new User(parts[0], "", groups, Map.of());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whoMayBeTakenForWhom(Cases.Case each) throws Exception {
        List<String> lines = each.part(0).lines().toList();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + server.port() + "/apis/authentication.k8s.io/v1/selfsubjectreviews"))
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString("{}"));
        if (!lines.getFirst().equals("nobody")) {
            request.header("Authorization", lines.getFirst());
        }
        for (String header : lines.subList(1, lines.size())) {
            int colon = header.indexOf(": ");
            request.header(header.substring(0, colon), header.substring(colon + 2));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            JsonNode document = JsonMapper.shared().readTree(answer.body());
            String told = answer.statusCode() == 201
                    ? document.at("/status/userInfo").toString()
                    : answer.statusCode() + " " + document.path("message").asString("");
            assertThat(told).isEqualTo(each.part(1));
        }
    }
}
