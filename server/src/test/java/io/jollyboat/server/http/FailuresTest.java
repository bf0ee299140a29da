package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.codec.Format;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** In which form failures and warnings come. */
class FailuresTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    private FaceFixture face;

    @BeforeEach
    void start() throws IOException {
        face = new FaceFixture();
    }

    @AfterEach
    void stop() {
        face.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /none, 404, NotFound",
        "POST, '', 400, BadRequest",
        "PUT, '', 405, MethodNotAllowed",
        "GET, ?limit=x, 400, BadRequest",
        "GET, ?resourceVersionMatch=Exact, 422, Invalid",
        "GET, ?timeout=abc, 400, BadRequest",
        "GET, ?limit=1&continue=e30, 400, BadRequest",
        "GET, ?watch=1&resourceVersionMatch=Exact, 422, Invalid",
        "GET, ?watch=true&resourceVersion=x, 500, ''",
    })
    void areInProtobufForWhoTakesNothingElse(String method, String path, int code, String reason) throws Exception {
        HttpResponse<byte[]> failed = face.client()
                .send(
                        face.to(MAPS + path)
                                .method(method, BodyPublishers.ofString("x"))
                                .header("Accept", PROTOBUF)
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(failed.statusCode()).isEqualTo(code);
        assertThat(failed.headers().firstValue("content-type")).contains(PROTOBUF);
        JsonNode status = Format.PROTOBUF.decode(failed.body(), "Status").object();
        assertThat(status.path("kind").asString()).isEqualTo("Status");
        assertThat(status.path("reason").asString("")).isEqualTo(reason);
        assertThat(status.path("code").asInt()).isEqualTo(code);
        assertThat(status.path("message").asString()).isNotEmpty();
    }

    @Test
    void areInProtobufForStrangersToo() throws Exception {
        HttpResponse<byte[]> failed = face.client()
                .send(
                        face.to(MAPS)
                                .setHeader("Authorization", "Bearer nobody")
                                .header("Accept", PROTOBUF)
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(failed.statusCode()).isEqualTo(401);
        JsonNode status = Format.PROTOBUF.decode(failed.body(), "Status").object();
        assertThat(status.path("message").asString()).isEqualTo("Unauthorized");
    }

    @Test
    void areJsonForWhoTakesNothingThatThereIs() {
        HttpResponse<String> failed = face.send(face.to(MAPS).header("Accept", "text/html"));
        assertThat(failed.statusCode()).isEqualTo(406);
        assertThat(FaceFixture.json(failed).path("message").asString())
                .isEqualTo("406: Not Acceptable\n\nAvailable representations: application/json, "
                        + "application/yaml, application/vnd.kubernetes.protobuf, "
                        + "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
    }

    @Test
    void whoCannotBeAnsweredChangesNothing() {
        HttpResponse<String> failed = face.send(face.to(MAPS)
                .header("Accept", "application/json;as=Nothing")
                .POST(BodyPublishers.ofString("{\"metadata\":{\"name\":\"one\"}}")));
        assertThat(failed.statusCode()).isEqualTo(406);
        assertThat(face.get(MAPS + "/one").statusCode()).isEqualTo(404);
    }

    @Test
    void aPathThatIsNobodysIsNotFoundInPlainText() {
        for (String path : List.of("/nope", "/apis/nope", "/apis/nope/v1")) {
            HttpResponse<String> failed = face.get(path);
            assertThat(failed.statusCode()).isEqualTo(404);
            assertThat(failed.body()).isEqualTo("404 page not found\n");
        }
        assertThat(FaceFixture.json(face.get("/api/v1/nope")).path("reason").asString())
                .isEqualTo("NotFound");
    }

    @Test
    void warningsThatAreTooLongTogetherAreCutShort() {
        String fields = IntStream.range(0, 20)
                .mapToObj(i -> "\"%s%d\":1".formatted("x".repeat(300), i))
                .collect(Collectors.joining(","));
        HttpResponse<String> made =
                face.request("POST", MAPS + "?dryRun=All", "{\"metadata\":{\"name\":\"one\"}," + fields + "}");
        assertThat(made.statusCode()).isEqualTo(201);
        List<String> warnings = made.headers().allValues("warning");
        assertThat(warnings).hasSize(16).allMatch(w -> w.startsWith("299 - \"unknown field \\\"xxx"));
        assertThat(warnings).allMatch(w -> w.replace("\\", "").length() == "299 - \"\"".length() + 256);
    }

    @Test
    void aWarningIsUtf8() {
        HttpResponse<String> made = face.request("POST", MAPS, "{\"metadata\":{\"name\":\"one\"},\"é\":1}");
        String received = made.headers().firstValue("warning").orElseThrow();
        assertThat(received).isEqualTo("299 - \"unknown field \\\"Ã©\\\"\"");
    }
}
