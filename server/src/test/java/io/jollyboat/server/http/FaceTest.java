package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The face over the real core: verbs, forms, errors, watches. */
class FaceTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private static final String SCHEMA_UID = "X-Kubernetes-PF-FlowSchema-UID";
    private static final String LEVEL_UID = "X-Kubernetes-PF-PriorityLevel-UID";

    private FaceFixture face;

    @BeforeEach
    void start() throws IOException {
        face = new FaceFixture();
    }

    @AfterEach
    void stop() {
        face.close();
    }

    private JsonNode make(String name) {
        HttpResponse<String> made =
                face.request("POST", MAPS, "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"a\":\"1\"}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return FaceFixture.json(made);
    }

    @Test
    void anObjectIsMadeReadChangedAndDeleted() {
        JsonNode made = make("one");
        assertThat(made.path("kind").asString()).isEqualTo("ConfigMap");
        assertThat(made.at("/metadata/uid").asString()).isNotEmpty();
        HttpResponse<String> read = face.get(MAPS + "/one");
        assertThat(FaceFixture.json(read)).isEqualTo(made);
        assertThat(read.headers().firstValue("audit-id")).isPresent();
        assertThat(read.headers().firstValue("cache-control")).contains("no-cache, private");
        HttpResponse<String> changed =
                face.request("PUT", MAPS + "/one", "{\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"2\"}}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(FaceFixture.json(changed).at("/data/a").asString()).isEqualTo("2");
        HttpResponse<String> gone = face.request("DELETE", MAPS + "/one", "{\"propagationPolicy\":\"Background\"}");
        assertThat(gone.statusCode()).isEqualTo(200);
        assertThat(FaceFixture.json(gone).path("status").asString()).isEqualTo("Success");
        HttpResponse<String> missing = face.get(MAPS + "/one");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(FaceFixture.json(missing)).isEqualTo(JsonMapper.shared().readTree("""
                        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
                         "message":"configmaps \\"one\\" not found","reason":"NotFound",
                         "details":{"name":"one","kind":"configmaps"},"code":404}"""));
    }

    @Test
    void anAnswerNamesItsFlowSchemaAndItsLevel() throws InterruptedException {
        World world = World.system();
        Task upkeep = face.core.start();
        try {
            long end = world.nanoTime() + Duration.ofMinutes(1).toNanos();
            HttpResponse<String> answer = face.get(MAPS);
            while (answer.headers().firstValue(SCHEMA_UID).isEmpty()) {
                assertThat(world.nanoTime()).as("waited in vain").isLessThan(end);
                world.sleep(Duration.ofMillis(5));
                answer = face.get(MAPS);
            }
            String flows = "/apis/flowcontrol.apiserver.k8s.io/v1/";
            JsonNode schema = FaceFixture.json(face.get(flows + "flowschemas/exempt"));
            JsonNode level = FaceFixture.json(face.get(flows + "prioritylevelconfigurations/exempt"));
            assertThat(answer.headers().firstValue(SCHEMA_UID))
                    .contains(schema.at("/metadata/uid").asString());
            assertThat(answer.headers().firstValue(LEVEL_UID))
                    .contains(level.at("/metadata/uid").asString());
        } finally {
            upkeep.cancel();
            upkeep.join(Duration.ofMinutes(1));
        }
    }

    @Test
    void whatIsDeprecatedIsToldOnEveryVerb() {
        String endpoints = "/api/v1/namespaces/default/endpoints";
        String told = "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\"";
        String map = "{\"metadata\":{\"name\":\"e\"}}";
        List<HttpResponse<String>> answers = List.of(
                face.get(endpoints),
                face.request("POST", endpoints, map),
                face.get(endpoints + "/e"),
                face.request("PUT", endpoints + "/e", map),
                face.request("DELETE", endpoints + "/e", ""),
                face.request("DELETE", endpoints, ""));
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.headers().allValues("warning")).containsExactly(told));
        HttpResponse<String> component = face.get("/api/v1/componentstatuses/boat");
        assertThat(component.headers().allValues("warning"))
                .containsExactly("299 - \"v1 ComponentStatus is deprecated in v1.19+\"");
        assertThat(component.statusCode()).isEqualTo(404);
        assertThat(FaceFixture.json(component).path("message").asString())
                .isEqualTo("componentstatus \"boat\" not found");
        assertThat(FaceFixture.json(component).at("/details/kind").asString()).isEqualTo("componentstatus");
    }

    @Test
    void whoDeletesAJobHearsOfItsPods() {
        String jobs = "/apis/batch/v1/namespaces/default/jobs";
        assertThat(face.request("DELETE", jobs, "").headers().allValues("warning"))
                .singleElement()
                .asString()
                .contains("child pods are preserved by default when jobs are deleted");
        String background = "{\"propagationPolicy\":\"Background\"}";
        assertThat(face.request("DELETE", jobs, background).headers().allValues("warning"))
                .isEmpty();
    }

    @Test
    void addressesInAStatusAreLookedAt() {
        face.makePod("p");
        HttpResponse<String> written = face.send(face.to("/api/v1/namespaces/default/pods/p/status")
                .method("PATCH", BodyPublishers.ofString("{\"status\":{\"podIPs\":[{\"ip\":\"FD00::1\"}]}}"))
                .header("Content-Type", "application/merge-patch+json"));
        assertThat(written.headers().allValues("warning"))
                .containsExactly("299 - \"status.podIPs[0].ip: IPv6 address \\\"FD00::1\\\" should be in RFC 5952"
                        + " canonical format (\\\"fd00::1\\\")\"");
    }

    @Test
    void anOwnerNamedTwiceIsKeptOnce() {
        String owner = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\",\"uid\":\"u\"}";
        HttpResponse<String> made = face.request(
                "POST", MAPS, "{\"metadata\":{\"name\":\"one\",\"ownerReferences\":[%s,%s]}}".formatted(owner, owner));
        assertThat(FaceFixture.json(made).at("/metadata/ownerReferences").size())
                .isEqualTo(1);
        assertThat(made.headers().allValues("warning"))
                .singleElement()
                .asString()
                .contains(".metadata.ownerReferences contains duplicate entries")
                .contains("duplicate UID(s) observed: u");
    }

    @Test
    void listsHaveNoKindsInsideAndAreNeverNull() {
        JsonNode empty = FaceFixture.json(face.get(MAPS));
        assertThat(empty.path("kind").asString()).isEqualTo("ConfigMapList");
        assertThat(empty.path("items").isArray()).isTrue();
        assertThat(empty.at("/metadata/resourceVersion").asString()).isNotEmpty();
        make("one");
        JsonNode item =
                FaceFixture.json(face.get("/api/v1/configmaps")).path("items").get(0);
        assertThat(item.propertyNames()).doesNotContain("kind", "apiVersion").contains("metadata", "data");
    }

    @Test
    void aTableIsMadeWhenItIsAskedFor() {
        make("one");
        JsonNode table = FaceFixture.json(face.send(face.to(MAPS).header("Accept", TABLE)));
        assertThat(table.path("kind").asString()).isEqualTo("Table");
        assertThat(table.at("/columnDefinitions/0/name").asString()).isEqualTo("Name");
        assertThat(table.at("/rows/0/cells/0").asString()).isEqualTo("one");
        assertThat(table.at("/rows/0/object/kind").asString()).isEqualTo("PartialObjectMetadata");
        JsonNode one = FaceFixture.json(
                face.send(face.to(MAPS + "/one?includeObject=None").header("Accept", TABLE)));
        assertThat(one.path("rows").size()).isEqualTo(1);
        assertThat(one.at("/rows/0").has("object")).isFalse();
        assertThat(one.at("/metadata/resourceVersion").asString()).isNotEmpty();
    }

    @Test
    void metadataAloneIsGivenWhenItIsAskedFor() {
        make("one");
        String accept = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
                + "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
        JsonNode list = FaceFixture.json(face.send(face.to(MAPS).header("Accept", accept)));
        assertThat(list.path("kind").asString()).isEqualTo("PartialObjectMetadataList");
        assertThat(list.at("/items/0").propertyNames()).containsExactly("kind", "apiVersion", "metadata");
    }

    @Test
    void aWatchSendsEachChangeAtOnceAndEndsInTime() throws Exception {
        make("one");
        try (BufferedReader lines = watch(MAPS + "?watch=true&timeoutSeconds=3", "*/*")) {
            assertThat(brief(lines.readLine())).isEqualTo("ADDED one");
            make("two");
            assertThat(brief(lines.readLine())).isEqualTo("ADDED two");
            face.request("DELETE", MAPS + "/two", "");
            assertThat(brief(lines.readLine())).isEqualTo("DELETED two");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void aWatchOfTablesNamesTheColumnsOnce() throws Exception {
        make("one");
        try (BufferedReader lines = watch("/api/v1/watch/namespaces/default/configmaps?timeoutSeconds=20", TABLE)) {
            JsonNode first = JsonMapper.shared().readTree(lines.readLine());
            assertThat(first.at("/object/kind").asString()).isEqualTo("Table");
            assertThat(first.at("/object/columnDefinitions").isEmpty()).isFalse();
            make("two");
            JsonNode second = JsonMapper.shared().readTree(lines.readLine());
            assertThat(second.at("/object/rows/0/cells/0").asString()).isEqualTo("two");
            assertThat(second.at("/object/columnDefinitions").isEmpty()).isTrue();
        }
    }

    private BufferedReader watch(String path, String accept) throws IOException, InterruptedException {
        var response = face.client().send(face.to(path).header("Accept", accept).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body()));
    }

    private static String brief(String line) {
        JsonNode event = JsonMapper.shared().readTree(line);
        return event.path("type").asString() + " "
                + event.at("/object/metadata/name").asString();
    }

    @Test
    void whatIsWrongIsSaidInKubernetesWords() {
        assertRefused(face.get("/api/v1/nonsense"), 404, "the server could not find the requested resource");
        assertRefused(
                face.request("POST", "/api/v1/configmaps", "{}"),
                405,
                "the server does not allow this method on the requested resource");
        assertRefused(
                face.request("DELETE", "/api/v1/configmaps", ""),
                405,
                "the server does not allow this method on the requested resource");
        assertRefused(
                face.send(face.to(MAPS).header("Accept", "text/html")),
                406,
                "406: Not Acceptable\n\nAvailable representations: application/json, "
                        + "application/yaml, application/vnd.kubernetes.protobuf, "
                        + "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
        assertRefused(
                face.send(face.to(MAPS).POST(BodyPublishers.ofString("x")).header("Content-Type", "text/plain")),
                415,
                "the body of the request was in an unknown format - accepted media types include: "
                        + "application/json, application/yaml, application/vnd.kubernetes.protobuf");
        assertRefused(face.get(MAPS + "?limit=many"), 400, "strconv.ParseInt: parsing \"many\": invalid syntax");
        assertRefused(
                face.get(MAPS + "?watch=1&sendInitialEvents=true"),
                422,
                "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: "
                        + "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        assertRefused(
                face.request("POST", MAPS + "?fieldValidation=Sometimes", "{}"),
                422,
                "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Sometimes\": "
                        + "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
    }

    @Test
    void strictValidationNamesUnknownAndRepeatedFieldsTogether() {
        assertRefused(
                face.request(
                        "POST",
                        "/apis/apps/v1/namespaces/default/deployments?fieldValidation=Strict",
                        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"d\"},"
                                + "\"spec\":{\"replica\":1,\"replicas\":2,\"replicas\":3}}"),
                400,
                "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: "
                        + "unknown field \"spec.replica\", duplicate field \"spec.replicas\"");
    }

    @Test
    void whatHasNoTableIsGivenInItsOtherFormOrRefused() {
        assertThat(Accepts.of(TABLE).form(true)).isEqualTo(Accept.Form.TABLE);
        assertThat(Accepts.of(TABLE).form(false)).isEqualTo(Accept.Form.PLAIN);
        assertThatThrownBy(() -> Accepts.of("application/json;as=Table;v=v1;g=meta.k8s.io")
                        .form(false))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        refused -> assertThat(refused.is(Reason.NOT_ACCEPTABLE)).isTrue());
    }

    @Test
    void aBodyOfTenMegabytesIsRefusedAndTheConnectionLives() {
        String large = "{\"data\":{\"a\":\"" + "x".repeat(10 << 20) + "\"}}";
        assertRefused(face.request("POST", MAPS, large), 413, "Request entity too large: limit is 3145728");
        make("after");
    }

    static void assertRefused(HttpResponse<String> response, int code, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        JsonNode status = FaceFixture.json(response);
        assertThat(status.path("message").asString()).isEqualTo(message);
        assertThat(status.path("code").asInt()).isEqualTo(code);
    }

    @Test
    void nobodyGetsInWithoutAName() {
        for (String closed : List.of("/metrics", "/api", "/nothing")) {
            var nameless = java.net.http.HttpRequest.newBuilder(face.uri(closed));
            assertRefused(
                    face.send(nameless),
                    403,
                    "forbidden: User \"system:anonymous\" cannot get path \"" + closed + "\"");
        }
        var wrong = java.net.http.HttpRequest.newBuilder(face.uri("/version")).header("Authorization", "Bearer x");
        assertRefused(face.send(wrong), 401, "Unauthorized");
        for (String open : List.of("/version", "/healthz", "/livez", "/readyz?verbose")) {
            var request = java.net.http.HttpRequest.newBuilder(face.uri(open));
            assertThat(face.send(request).statusCode()).as(open).isEqualTo(200);
        }
    }

    @Test
    void aLargeListIsCompressedForThoseWhoTakeIt() throws Exception {
        for (int i = 0; i < 20; i++) {
            face.request(
                    "POST",
                    MAPS,
                    "{\"metadata\":{\"name\":\"m" + i + "\"},\"data\":{\"a\":\"" + "x".repeat(10_000) + "\"}}");
        }
        var response = face.client()
                .send(face.to(MAPS).header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        byte[] all =
                new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(response.body())).readAllBytes();
        assertThat(JsonMapper.shared().readTree(all).path("items").size()).isEqualTo(20);
        assertThat(FaceFixture.json(face.get(MAPS)).path("items").size()).isEqualTo(20);
    }

    @Test
    void peopleGetIndentedJson() {
        make("one");
        String indented = face.send(face.to(MAPS + "/one").header("User-Agent", "curl/8.0"))
                .body();
        assertThat(indented)
                .startsWith("{\n  \"metadata\": {\n    \"name\": \"one\",\n")
                .endsWith("}\n");
        assertThat(face.get(MAPS + "/one").body().lines().count()).isEqualTo(1);
        assertThat(face.get(MAPS + "/one?pretty=true").body().lines().count()).isGreaterThan(5);
    }
}
