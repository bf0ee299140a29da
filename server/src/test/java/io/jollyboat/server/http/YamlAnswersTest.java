package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.codec.Format;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** For whom answers are in YAML. */
class YamlAnswersTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String YAML = "application/yaml";

    private FaceFixture face;

    @BeforeEach
    void start() throws IOException {
        face = new FaceFixture();
    }

    @AfterEach
    void stop() {
        face.close();
    }

    private HttpResponse<String> get(String path, String accept) {
        return face.send(face.to(path).header("Accept", accept));
    }

    private static JsonNode read(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("content-type")).contains(YAML);
        return Format.YAML
                .decode(response.body().getBytes(StandardCharsets.UTF_8), "Answer")
                .object();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1/namespaces/default | Namespace
            /api/v1/namespaces         | NamespaceList
            /api                       | APIVersions
            /apis                      | APIGroupList
            /apis/apps                 | APIGroup
            /apis/apps/v1              | APIResourceList
            """)
    void holdWhatTheyHoldInJson(String path, String kind) {
        JsonNode yaml = read(get(path, YAML));
        assertThat(yaml.path("kind").asString()).isEqualTo(kind);
        assertThat(yaml).isEqualTo(FaceFixture.json(get(path, "application/json")));
    }

    @Test
    void haveTheOtherFormsToo() {
        assertThat(read(get("/api/v1/namespaces", YAML + ";as=Table;v=v1;g=meta.k8s.io"))
                        .path("kind")
                        .asString())
                .isEqualTo("Table");
        assertThat(read(get("/api/v1/namespaces/default", YAML + ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io"))
                        .path("kind")
                        .asString())
                .isEqualTo("PartialObjectMetadata");
    }

    @Test
    void tellFailures() {
        HttpResponse<String> failed = get(MAPS + "/none", YAML);
        assertThat(failed.statusCode()).isEqualTo(404);
        assertThat(failed.headers().firstValue("content-type")).contains(YAML);
        assertThat(failed.body()).isEqualTo("""
                apiVersion: v1
                code: 404
                details:
                  kind: configmaps
                  name: none
                kind: Status
                message: configmaps "none" not found
                metadata: {}
                reason: NotFound
                status: Failure
                """);
    }

    @Test
    void areForWritersToo() {
        HttpResponse<String> made = face.send(face.to(MAPS)
                .header("Accept", YAML)
                .header("Content-Type", YAML)
                .POST(BodyPublishers.ofString("metadata: {name: one}\ndata: {a: \"1\"}\n")));
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).startsWith("apiVersion: v1\ndata:\n  a: \"1\"\nkind: ConfigMap\nmetadata:\n");
    }

    @Test
    void areWhatTheFirstEntryThatCanBeServedAsksFor() {
        String path = "/api/v1/namespaces/default";
        for (String accept : new String[] {"text/html," + YAML, YAML + ";q=0.9,application/json;q=0.5"}) {
            assertThat(get(path, accept).headers().firstValue("content-type")).contains(YAML);
        }
        for (String accept : new String[] {"application/json," + YAML, YAML + ";q=0.1,*/*", YAML + ";as=X,*/*"}) {
            assertThat(get(path, accept).headers().firstValue("content-type")).contains("application/json");
        }
    }

    @Test
    void areNoneForWatches() {
        HttpResponse<String> refused = get(MAPS + "?watch=1&timeoutSeconds=1", YAML);
        assertThat(refused.statusCode()).isEqualTo(406);
        assertThat(read(refused).path("message").asString())
                .isEqualTo("only the following media types are accepted: application/json;stream=watch, "
                        + "application/vnd.kubernetes.protobuf;stream=watch");
        assertThat(get(MAPS + "?watch=1&timeoutSeconds=1", YAML + ",application/json")
                        .statusCode())
                .isEqualTo(200);
    }
}
