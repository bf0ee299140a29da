package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What is said of bodies, patches and options that are wrong, or wrong to strict eyes: the cases of a table. */
class StrictnessTest {
    private static final Map<String, String> TYPES = Map.of(
            "json", "application/json",
            "yaml", "application/yaml",
            "json-patch", "application/json-patch+json",
            "merge-patch", "application/merge-patch+json",
            "strategic-patch", "application/strategic-merge-patch+json",
            "apply-patch", "application/apply-patch+yaml");

    private static final String SPACE = "/api/v1/namespaces/default/";

    private static FaceFixture face;

    @BeforeAll
    static void start() throws IOException {
        face = new FaceFixture();
        make(SPACE + "configmaps?fieldManager=unknown", "{\"metadata\":{\"name\":\"cm\"},\"data\":{\"k\":\"v\"}}");
        make(SPACE + "pods", """
                {"metadata":{"name":"pod"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        make("/apis/apps/v1/namespaces/default/deployments", """
                {"metadata":{"name":"dep"},"spec":{"selector":{"matchLabels":{"a":"b"}},
                 "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
    }

    private static void make(String path, String body) {
        HttpResponse<String> made = face.request("POST", path, body);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        face.close();
    }

    /** @param answer the lines of the table, of the code and all that follows */
    record Case(String name, String method, String type, String path, String body, List<String> answer) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in = StrictnessTest.class.getResourceAsStream("strictness.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("(?m)^== ")).skip(1).map(StrictnessTest::parse);
        }
    }

    private static Case parse(String text) {
        List<String> lines = text.strip().lines().toList();
        String[] request = lines.get(1).split(" ");
        int answer = 2;
        while (!lines.get(answer).startsWith("-> ")) {
            answer++;
        }
        String end = request[1].equals("yaml") && answer > 2 ? "\n" : "";
        String body = String.join("\n", lines.subList(2, answer)) + end;
        return new Case(
                lines.getFirst(), request[0], request[1], request[2], body, lines.subList(answer, lines.size()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAnsweredAsTheTableSays(Case each) {
        HttpResponse<String> response = face.send(face.to(each.path())
                .method(each.method(), BodyPublishers.ofString(each.body()))
                .header("Content-Type", TYPES.get(each.type())));
        assertThat(told(response)).as(response.body()).isEqualTo(each.answer());
    }

    private static List<String> told(HttpResponse<String> response) {
        JsonNode body = FaceFixture.json(response);
        List<String> told = new ArrayList<>();
        told.add(("-> " + response.statusCode() + " " + body.path("reason").asString("")).strip());
        String message = body.path("message").asString("");
        if (!message.isEmpty()) {
            told.add(message.replaceAll("Invalid value: \"\\{.*?}\":", "Invalid value: OBJECT:")
                    .replace("\n", "\\n"));
        }
        for (String warning : response.headers().allValues("warning")) {
            told.add("! "
                    + warning.substring("299 - \"".length(), warning.length() - 1)
                            .replaceAll("\\\\(.)", "$1"));
        }
        return told;
    }
}
