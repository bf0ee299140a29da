package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.codec.Format;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What clients see of the verbs on the wire beyond plain reading and writing. */
class WireTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    private Path folder;

    private FaceFixture face;

    @BeforeEach
    void start() throws IOException {
        face = new FaceFixture(HttpSettings.onPort(0).withRequests(2).withAuditLog(folder.resolve("audit.log")));
    }

    @AfterEach
    void stop() {
        face.close();
    }

    private HttpResponse<String> patch(String path, String type, String body) {
        return face.send(
                face.to(path).method("PATCH", BodyPublishers.ofString(body)).header("Content-Type", type));
    }

    private void make(String name, String labels) {
        var made = face.request(
                "POST",
                MAPS,
                "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":" + labels + "},\"data\":{\"a\":\"1\"}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    @Test
    void whatIsMadeIsToldFromWhatIsChanged() {
        String apply = MAPS + "/one?fieldManager=me";
        String intent =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"%s\"}}";
        String type = "application/apply-patch+yaml";
        assertThat(patch(apply + "&dryRun=All", type, intent.formatted("1")).statusCode())
                .isEqualTo(201);
        assertThat(patch(apply, type, intent.formatted("1")).statusCode()).isEqualTo(201);
        assertThat(patch(apply, type, intent.formatted("2")).statusCode()).isEqualTo(200);
        String role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/reader";
        String body = "{\"metadata\":{\"name\":\"reader\"},\"rules\":[]}";
        assertThat(face.request("PUT", role, body).statusCode()).isEqualTo(201);
        assertThat(face.request("PUT", role, body).statusCode()).isEqualTo(200);
        assertThat(face.request("PUT", MAPS + "/two", "{\"metadata\":{\"name\":\"two\"}}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aJsonPatchAppliesWholeOrNotAtAll() {
        make("one", "{}");
        String type = "application/json-patch+json";
        var good = patch(MAPS + "/one", type, """
            [{"op":"test","path":"/data/a","value":"1"},{"op":"add","path":"/data/b","value":"2"},
             {"op":"move","from":"/data/a","path":"/data/c"}]\
            """);
        assertThat(FaceFixture.json(good).path("data").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"1\"}");
        var bad = patch(MAPS + "/one", type, """
            [{"op":"remove","path":"/data/b"},{"op":"test","path":"/data/c","value":"9"}]\
            """);
        assertThat(bad.statusCode()).as(bad.body()).isEqualTo(422);
        assertThat(FaceFixture.json(face.get(MAPS + "/one")).at("/data/b").asString())
                .isEqualTo("2");
        assertThat(patch(MAPS + "/one", type, "[{").statusCode()).isEqualTo(400);
        assertThat(patch(MAPS + "/one", "text/plain", "[]").statusCode()).isEqualTo(415);
    }

    @Test
    void manyAreDeletedByASelector() {
        make("one", "{\"a\":\"x\"}");
        make("two", "{\"a\":\"x\"}");
        make("three", "{\"a\":\"y\"}");
        var gone = face.request("DELETE", MAPS + "?labelSelector=a%3Dx", "");
        assertThat(gone.statusCode()).isEqualTo(200);
        assertThat(FaceFixture.json(gone).path("kind").asString()).isEqualTo("ConfigMapList");
        assertThat(FaceFixture.json(face.get(MAPS)).at("/items/0/metadata/name").asString())
                .isEqualTo("three");
        assertThat(FaceFixture.json(face.get(MAPS)).path("items").size()).isEqualTo(1);
    }

    @Test
    void aWatchBeginsWithWhatIsThereAndSaysWhenThatIsAll() throws Exception {
        make("one", "{}");
        make("two", "{}");
        String path = MAPS + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                + "&allowWatchBookmarks=true&timeoutSeconds=20";
        String form = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
        var response = face.client().send(face.to(path).header("Accept", form).build(), BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            List<String> seen = new ArrayList<>();
            JsonNode event = JsonMapper.shared().readTree(lines.readLine());
            while (!event.path("type").asString().equals("BOOKMARK")) {
                seen.add(event.at("/object/kind").asString() + " "
                        + event.at("/object/metadata/name").asString());
                event = JsonMapper.shared().readTree(lines.readLine());
            }
            assertThat(seen).containsExactly("PartialObjectMetadata one", "PartialObjectMetadata two");
            assertThat(event.at("/object/metadata/annotations/k8s.io~1initial-events-end")
                            .asString())
                    .isEqualTo("true");
            assertThat(event.at("/object/metadata/resourceVersion").asString()).isNotEmpty();
            make("three", "{}");
            assertThat(lines.readLine()).contains("\"ADDED\"", "\"three\"");
        }
    }

    @Test
    void whoTakesOnlyProtobufGetsIt() throws Exception {
        make("one", "{}");
        String only = "application/vnd.kubernetes.protobuf";
        byte[] list = bytes(MAPS, only);
        assertThat(Format.PROTOBUF
                        .decode(list, "")
                        .object()
                        .at("/items/0/metadata/name")
                        .asString())
                .isEqualTo("one");
        byte[] one = bytes(MAPS + "/one", only);
        assertThat(Format.PROTOBUF.decode(one, "").object()).isEqualTo(FaceFixture.json(face.get(MAPS + "/one")));
        assertThat(new String(bytes(MAPS + "/one", only + ",application/json"), StandardCharsets.UTF_8))
                .startsWith("{\"apiVersion\"");
        var watch = face.client()
                .send(
                        face.to(MAPS + "?watch=1&timeoutSeconds=20")
                                .header("Accept", only)
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(watch.headers().firstValue("content-type")).contains(only + ";stream=watch");
        try (var stream = new java.io.DataInputStream(watch.body())) {
            byte[] event = stream.readNBytes(stream.readInt());
            assertThat(new String(event, StandardCharsets.ISO_8859_1))
                    .startsWith("\n\5ADDED")
                    .contains("k8s\0", "one");
        }
    }

    @Test
    void aLongListInProtobufSaysWhatJsonSays() throws Exception {
        String only = "application/vnd.kubernetes.protobuf";
        String data = "x".repeat(1_000);
        for (int i = 0; i < 450; i++) {
            face.request("POST", MAPS, "{\"metadata\":{\"name\":\"m" + i + "\"},\"data\":{\"a\":\"" + data + "\"}}");
        }
        for (int change = 0; change < 2; change++) {
            JsonNode json = FaceFixture.json(face.get(MAPS)).path("items");
            JsonNode decoded =
                    Format.PROTOBUF.decode(bytes(MAPS, only), "").object().path("items");
            assertThat(json.size()).isGreaterThanOrEqualTo(450);
            assertThat(decoded).hasSize(json.size());
            for (int i = 0; i < json.size(); i++) {
                assertThat(decoded.get(i).path("metadata"))
                        .isEqualTo(json.get(i).path("metadata"));
                assertThat(decoded.get(i).path("data")).isEqualTo(json.get(i).path("data"));
            }
            face.send(face.to(MAPS + "/m7")
                    .method("PATCH", BodyPublishers.ofString("{\"data\":{\"b\":\"2\"}}"))
                    .header("Content-Type", "application/merge-patch+json"));
        }
        assertThat(Format.PROTOBUF
                        .decode(bytes(MAPS + "/m7", only), "")
                        .object()
                        .at("/data/b")
                        .asString())
                .isEqualTo("2");
    }

    private byte[] bytes(String path, String accept) throws Exception {
        return face.client()
                .send(face.to(path).header("Accept", accept).build(), BodyHandlers.ofByteArray())
                .body();
    }

    /** With two requests at once each level has one seat, and each flow may have 300 that wait; nothing is borrowed. */
    @Test
    void tooManyRequestsAtOnceAreToldToComeAgainAndNobodyElseIs() throws Exception {
        List<Socket> noisy = new ArrayList<>();
        Task upkeep = face.core.start();
        try {
            borrowNothing();
            for (int i = 0; i < 1 + 300; i++) {
                noisy.add(half("noisy"));
            }
            untilMetricsSay(
                    "current_inqueue_requests{flow_schema=\"global-default\",priority_level=\"global-default\"} 300");
            HttpResponse<String> refused = face.send(ordinary("noisy"));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
            assertThat(refused.body()).isEqualTo("Too many requests, please try again later.\n");
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(face.get(MAPS).statusCode()).as("an administrator").isEqualTo(200);
            assertThat(face.get("/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : noisy) {
                socket.close();
            }
            upkeep.cancel();
            upkeep.join(Duration.ofMinutes(1));
        }
        assertThat(face.send(ordinary("quiet")).statusCode()).isEqualTo(200);
        untilMetricsSay("current_executing_seats{flow_schema=\"global-default\",priority_level=\"global-default\"} 0");
        assertThat(face.get("/metrics").body())
                .contains("apiserver_flowcontrol_rejected_requests_total{flow_schema=\"global-default\","
                        + "priority_level=\"global-default\",reason=\"queue-full\"} 1");
    }

    /** Tells the level of ordinary users so, as soon as it is there. */
    private void borrowNothing() throws InterruptedException {
        World world = World.system();
        long end = world.nanoTime() + Duration.ofMinutes(1).toNanos();
        String patch = "{\"metadata\":{\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"false\"}},"
                + "\"spec\":{\"limited\":{\"borrowingLimitPercent\":0}}}";
        while (face.send(face.to("/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations/global-default")
                                .header("Content-Type", "application/merge-patch+json")
                                .method("PATCH", HttpRequest.BodyPublishers.ofString(patch)))
                        .statusCode()
                != 200) {
            assertThat(world.nanoTime()).as("there is no such level").isLessThan(end);
            world.sleep(Duration.ofMillis(10));
        }
        untilMetricsSay("upper_limit_seats{priority_level=\"global-default\"} 1");
    }

    private void untilMetricsSay(String line) throws InterruptedException {
        World world = World.system();
        long end = world.nanoTime() + Duration.ofMinutes(1).toNanos();
        String wanted = "apiserver_flowcontrol_" + line;
        while (!face.get("/metrics").body().lines().toList().contains(wanted)) {
            assertThat(world.nanoTime()).as(wanted).isLessThan(end);
            world.sleep(Duration.ofMillis(10));
        }
    }

    private HttpRequest.Builder ordinary(String name) {
        return HttpRequest.newBuilder(face.uri(MAPS))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", FaceFixture.ORDINARY + name);
    }

    /** A request whose body never ends. */
    private Socket half(String name) throws IOException {
        Socket socket = new Socket("127.0.0.1", face.server.port());
        String head = "POST " + MAPS + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + FaceFixture.ORDINARY + name
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    @Test
    void whoTakesAnothersNameIsInTheAuditLogWithBoth() throws IOException {
        var as = face.send(face.to(MAPS + "/none")
                .header("Impersonate-User", "ann")
                .header("Impersonate-Group", "system:masters")
                .header("Audit-Id", "mine"));
        assertThat(as.statusCode()).isEqualTo(404);
        var groupsAlone = face.send(face.to(MAPS).header("Impersonate-Group", "builders"));
        assertThat(groupsAlone.statusCode()).isEqualTo(400);
        JsonNode event = Files.readAllLines(folder.resolve("audit.log")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.path("auditID").asString().equals("mine"))
                .findFirst()
                .orElseThrow();
        assertThat(event.path("kind").asString()).isEqualTo("Event");
        assertThat(event.path("verb").asString()).isEqualTo("get");
        assertThat(event.at("/user/username").asString()).isEqualTo("tester");
        assertThat(event.at("/impersonatedUser/username").asString()).isEqualTo("ann");
        assertThat(event.path("objectRef").toString())
                .isEqualTo(
                        "{\"resource\":\"configmaps\",\"namespace\":\"default\",\"name\":\"none\",\"apiVersion\":\"v1\"}");
        assertThat(event.at("/responseStatus/code").asInt()).isEqualTo(404);
    }
}
