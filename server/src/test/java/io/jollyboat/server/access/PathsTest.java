package io.jollyboat.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.server.http.Authenticator;
import io.jollyboat.server.http.Backend;
import io.jollyboat.server.http.HttpServer;
import io.jollyboat.server.http.HttpSettings;
import io.jollyboat.testing.Cases;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each path answers whom: {@code user[,group...] method path [header]} in each line, and for each the status with the
 * message of a failure, a text, or the type of a document.
 */
class PathsTest {
    private static final String READER = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules: [{apiGroups: [""], resources: [pods/exec], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: reader}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
            """;
    private static HttpServer server;

    static List<Cases.Case> cases() {
        return Cases.read(PathsTest.class, "paths.cases");
    }

    @BeforeAll
    static void open() throws IOException {
        AccessFixture cluster = new AccessFixture();
        AccessFixture.documents(READER).forEach(object -> AccessFixture.create(cluster.admin, object));
        Authenticator named = (certificates, authorization) ->
                authorization.isEmpty() ? Optional.empty() : Optional.of(AccessFixture.user(authorization));
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

    @ParameterizedTest
    @MethodSource("cases")
    void pathsAnswer(Cases.Case each) throws IOException {
        StringBuilder answers = new StringBuilder();
        for (String line : each.part(0).lines().toList()) {
            answers.append(answer(line.split(" ", 4))).append('\n');
        }
        assertThat(answers.toString().stripTrailing())
                .isEqualTo(
                        each.part(1).lines().collect(Collectors.joining("\n")).stripTrailing());
    }

    /** Over a socket of its own: the client of the JDK lets nobody say {@code Upgrade}. */
    private static String answer(String[] words) throws IOException {
        String user = words[0].equals("-") ? "" : "Authorization: " + words[0] + "\r\n";
        String header = words.length > 3 ? words[3] + "\r\n" : "";
        String upgrade = header.startsWith("Upgrade") ? "" : "Connection: close\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((words[1] + " " + words[2] + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + user + header
                                    + upgrade + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String head = head(socket.getInputStream());
            int length = Integer.parseInt(value(head, "content-length").orElse("0"));
            String body = words[1].equals("HEAD")
                    ? ""
                    : new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
            return head.split(" ")[1] + " " + told(value(head, "content-type").orElse(""), body);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the answer ends in its head: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static Optional<String> value(String head, String header) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(header + ":"))
                .map(line -> line.substring(header.length() + 1).strip())
                .findFirst();
    }

    private static String told(String type, String body) {
        if (body.isEmpty()) {
            return "";
        }
        String status = type.equals("application/yaml") && body.contains("kind: Status") ? "yaml" : type;
        return switch (status) {
            case "application/json" ->
                body.contains("\"Status\"")
                        ? joined(JsonMapper.shared()
                                .readTree(body)
                                .path("message")
                                .asString()
                                .lines())
                        : type;
            case "yaml" ->
                joined(body.lines()
                        .dropWhile(line -> !line.startsWith("message"))
                        .skip(1)
                        .takeWhile(line -> !line.startsWith("metadata")));
            case "text/plain; charset=utf-8" -> body.strip();
            default -> type;
        };
    }

    private static String joined(Stream<String> lines) {
        return lines.map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" / "));
    }
}
