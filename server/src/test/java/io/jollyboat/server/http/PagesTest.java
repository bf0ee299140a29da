package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Discovery and the pages that are no resources. */
class PagesTest {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private FaceFixture face;

    @BeforeEach
    void start() throws IOException {
        face = new FaceFixture();
    }

    @AfterEach
    void stop() {
        face.close();
    }

    @Test
    void oneRequestDiscoversEverything() {
        HttpResponse<String> response = face.send(face.to("/apis").header("Accept", AGGREGATED + ",application/json"));
        assertThat(response.headers().firstValue("content-type")).contains(AGGREGATED);
        String tag = response.headers().firstValue("etag").orElseThrow();
        assertThat(tag).matches("\"[0-9A-F]{128}\"");
        assertThat(FaceFixture.json(response).at("/items/0/metadata/name").asString())
                .isEqualTo("apiregistration.k8s.io");
        JsonNode apps = FaceFixture.json(response).path("items").get(1);
        assertThat(apps.at("/metadata/name").asString()).isEqualTo("apps");
        JsonNode deployment = apps.at("/versions/0/resources")
                .valueStream()
                .filter(r -> r.path("resource").asString().equals("deployments"))
                .findFirst()
                .orElseThrow();
        assertThat(deployment.path("scope").asString()).isEqualTo("Namespaced");
        assertThat(deployment.at("/subresources/0/responseKind/kind").asString())
                .isEqualTo("Scale");
        assertThat(deployment.at("/subresources/0/responseKind/group").asString())
                .isEqualTo("autoscaling");
        assertThat(deployment.path("responseKind").toString())
                .isEqualTo("{\"group\":\"\",\"version\":\"\",\"kind\":\"Deployment\"}");
        HttpResponse<String> again =
                face.send(face.to("/apis").header("Accept", AGGREGATED).header("If-None-Match", tag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        JsonNode core = FaceFixture.json(face.send(face.to("/api").header("Accept", AGGREGATED)));
        assertThat(core.path("items").size()).isEqualTo(1);
        assertThat(core.at("/items/0/versions/0/version").asString()).isEqualTo("v1");
    }

    /** The hashes are those of Kubernetes 1.35. */
    @Test
    void discoveryTellsInWhichVersionAKindIsStored() {
        assertThat(storageVersionHash("/api/v1", "pods")).isEqualTo("xPOwRZ+Yhw8=");
        assertThat(storageVersionHash("/apis/events.k8s.io/v1", "events")).isEqualTo("r2yiGXH7wu8=");
        assertThat(storageVersionHash("/apis/autoscaling/v1", "horizontalpodautoscalers"))
                .isEqualTo("qwQve8ut294=");
        assertThat(storageVersionHash("/api/v1", "pods/status")).isEmpty();
        assertThat(storageVersionHash("/api/v1", "bindings")).isEmpty();
    }

    private String storageVersionHash(String path, String plural) {
        return FaceFixture.json(face.get(path))
                .path("resources")
                .valueStream()
                .filter(resource -> resource.path("name").asString().equals(plural))
                .findFirst()
                .orElseThrow()
                .path("storageVersionHash")
                .asString("");
    }

    @Test
    void olderClientsDiscoverStepByStep() {
        assertThat(FaceFixture.json(face.get("/api")).at("/versions/0").asString())
                .isEqualTo("v1");
        JsonNode groups = FaceFixture.json(face.get("/apis")).path("groups");
        for (JsonNode group : groups) {
            String version = group.at("/preferredVersion/groupVersion").asString();
            assertThat(FaceFixture.json(face.get("/apis/" + version))
                            .path("groupVersion")
                            .asString())
                    .isEqualTo(version);
        }
        JsonNode core = FaceFixture.json(face.get("/api/v1"));
        assertThat(core.has("apiVersion")).isFalse();
        JsonNode eviction = core.path("resources")
                .valueStream()
                .filter(r -> r.path("name").asString().equals("pods/eviction"))
                .findFirst()
                .orElseThrow();
        assertThat(eviction.path("kind").asString()).isEqualTo("Eviction");
        assertThat(eviction.path("group").asString()).isEqualTo("policy");
        assertThat(eviction.path("version").asString()).isEqualTo("v1");
        assertThat(FaceFixture.json(face.get("/apis/apps")).path("kind").asString())
                .isEqualTo("APIGroup");
        assertThat(face.get("/apis/none/v1").statusCode()).isEqualTo(404);
    }

    @Test
    void groupsAndVersionsStandInTheOrderOfTheirPriorities() {
        face.core.repairOwnObjects();
        JsonNode services = FaceFixture.json(face.get("/apis/apiregistration.k8s.io/v1/apiservices"))
                .path("items");
        List<String> wanted = services.valueStream()
                .map(service -> service.path("spec"))
                .filter(spec -> spec.has("group"))
                .sorted(Comparator.comparing((JsonNode spec) ->
                                -spec.path("groupPriorityMinimum").asLong())
                        .thenComparing(spec -> spec.path("group").asString())
                        .thenComparing(spec -> -spec.path("versionPriority").asLong()))
                .map(spec -> spec.path("group").asString() + "/"
                        + spec.path("version").asString())
                .toList();
        List<String> told = new ArrayList<>();
        for (JsonNode group : FaceFixture.json(face.get("/apis")).path("groups")) {
            group.path("versions")
                    .forEach(version -> told.add(version.path("groupVersion").asString()));
            assertThat(group.at("/preferredVersion")).isEqualTo(group.at("/versions/0"));
        }
        assertThat(told.getFirst()).isEqualTo("apiregistration.k8s.io/v1"); // it has no priority and is always first
        assertThat(told.subList(1, told.size())).isEqualTo(wanted);
    }

    @Test
    void everyKindCanBeListed() {
        for (var resource : Resources.builtIn().all()) {
            if (resource.verbs().contains("list") && resource.verbs().contains("create")) {
                String root = resource.group().isEmpty() ? "/api/" : "/apis/";
                JsonNode list = FaceFixture.json(face.get(root + resource.apiVersion() + "/" + resource.plural()));
                assertThat(list.path("kind").asString()).isEqualTo(resource.kind() + "List");
            }
        }
    }

    @Test
    void theVersionIsInPlainNumbers() {
        JsonNode version = FaceFixture.json(face.get("/version"));
        assertThat(version.path("major").asString()).isEqualTo("1");
        assertThat(version.path("minor").asString()).isEqualTo("35");
        assertThat(version.path("gitVersion").asString()).startsWith("v1.35.");
    }

    @Test
    void healthIsToldShortAndLong() {
        assertThat(face.get("/healthz").body()).isEqualTo("ok");
        assertThat(face.get("/readyz?verbose").body())
                .startsWith("[+]ping ok\n[+]log ok\n[+]etcd ok\n[+]etcd-readiness ok\n")
                .endsWith("[+]shutdown ok\nreadyz check passed\n");
        assertThat(face.get("/livez?verbose&exclude=ping").body())
                .startsWith("[+]ping excluded: ok\n[+]log ok\n[+]etcd ok\n[+]poststarthook/")
                .endsWith(" ok\nlivez check passed\n");
        assertThat(face.get("/livez?verbose&exclude=x&exclude=etcd&exclude=a").body())
                .contains("[+]etcd excluded: ok\n")
                .endsWith(
                        "warn: some health checks cannot be excluded: no matches for \"a\",\"x\"\nlivez check passed\n");
        assertThat(face.get("/livez/ping").body()).isEqualTo("ok");
        assertThat(face.get("/readyz/etcd?verbose").body()).isEqualTo("ok");
        assertThat(face.get("/livez/none").body()).isEqualTo("404 page not found\n");
    }

    @Test
    void documentsAreKeptByTheirHash() {
        String url = FaceFixture.json(face.get("/openapi/v3"))
                .path("paths")
                .path("apis/apps/v1")
                .path("serverRelativeURL")
                .asString();
        HttpResponse<String> document = face.get(url);
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(document.headers().firstValue("cache-control")).contains("public, immutable");
        String tag = document.headers().firstValue("etag").orElseThrow();
        assertThat(url).endsWith(tag.replace("\"", ""));
        assertThat(face.send(face.to(url).header("If-None-Match", tag)).statusCode())
                .isEqualTo(304);
        HttpResponse<String> stale = face.get("/openapi/v3/apis/apps/v1?hash=OLD");
        assertThat(stale.statusCode()).isEqualTo(301);
        assertThat(stale.headers().firstValue("location")).contains(url);
        assertThat(face.get("/openapi/v3/apis/none/v1").statusCode()).isEqualTo(404);
        assertThat(FaceFixture.json(face.get("/openapi/v2")).path("swagger").asString())
                .isEqualTo("2.0");
    }

    @Test
    void documentsComeInTheFormThatIsAskedFor() {
        for (String version : List.of("v2", "v3")) {
            String path = version.equals("v2") ? "/openapi/v2" : "/openapi/v3/apis/apps/v1";
            String form = "application/com.github.proto-openapi.spec." + version + ".v1.0+protobuf";
            for (String asked : List.of(form, form.replace(version + ".", version + "@"))) {
                HttpResponse<String> message = face.send(face.to(path).header("Accept", asked));
                assertThat(message.statusCode()).isEqualTo(200);
                assertThat(message.headers().firstValue("content-type")).contains(form);
                assertThat(message.headers().allValues("vary")).contains("Accept");
                assertThat(message.body().charAt(0)).isEqualTo('\n'); // the first field is a text
                String tag = message.headers().firstValue("etag").orElseThrow();
                assertThat(face.get(path).headers().firstValue("etag")).contains(tag);
                HttpResponse<String> known =
                        face.send(face.to(path).header("Accept", asked).header("If-None-Match", "\"other\", W/" + tag));
                assertThat(known.statusCode()).isEqualTo(304);
                assertThat(known.headers().firstValue("etag")).contains(tag);
            }
            for (String asked : List.of("*/*", "application/json, " + form, form + ";q=0.5, application/*")) {
                HttpResponse<String> json = face.send(face.to(path).header("Accept", asked));
                assertThat(json.headers().firstValue("content-type")).contains("application/json");
            }
            for (String asked : List.of("text/html", form + ";q=0", form.replace(version, "v1"))) {
                HttpResponse<String> refused = face.send(face.to(path).header("Accept", asked));
                assertThat(refused.statusCode()).isEqualTo(406);
                assertThat(refused.body()).isEmpty();
            }
        }
    }

    @Test
    void theListOfDocumentsIsKeptByItsTag() {
        HttpResponse<String> index = face.get("/openapi/v3");
        String tag = index.headers().firstValue("etag").orElseThrow();
        assertThat(face.send(face.to("/openapi/v3").header("If-None-Match", tag))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void theBetaOfDiscoveryIsGone() {
        String beta = AGGREGATED.replace("v=v2", "v=v2beta1");
        HttpResponse<String> plain = face.send(face.to("/apis").header("Accept", beta + ",application/json"));
        assertThat(plain.headers().firstValue("content-type")).contains("application/json");
        assertThat(FaceFixture.json(plain).path("kind").asString()).isEqualTo("APIGroupList");
        HttpResponse<String> both = face.send(face.to("/api").header("Accept", AGGREGATED + "," + beta));
        assertThat(both.headers().firstValue("content-type")).contains(AGGREGATED);
        for (String alone : List.of(beta, AGGREGATED.replace("apidiscovery.k8s.io", "other.k8s.io"))) {
            assertThat(face.send(face.to("/apis").header("Accept", alone)).statusCode())
                    .isEqualTo(406);
        }
    }

    @Test
    void requestsAreCounted() {
        face.get("/api/v1/namespaces/default");
        face.get("/api/v1/pods");
        HttpResponse<String> metrics = face.get("/metrics");
        assertThat(metrics.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        String one = "component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"namespaces\",scope=\"resource\","
                + "subresource=\"\",verb=\"GET\",version=\"v1\"";
        assertThat(metrics.body().lines())
                .contains(
                        "# TYPE apiserver_request_duration_seconds histogram",
                        "apiserver_request_total{code=\"200\"," + one + "} 1",
                        "apiserver_request_duration_seconds_bucket{" + one + ",le=\"+Inf\"} 1",
                        "apiserver_request_duration_seconds_bucket{" + one + ",le=\"60\"} 1",
                        "apiserver_request_duration_seconds_count{" + one + "} 1",
                        "apiserver_current_inflight_requests{request_kind=\"mutating\"} 0",
                        "apiserver_current_inflight_requests{request_kind=\"readOnly\"} 1",
                        "apiserver_storage_objects{resource=\"namespaces\"} 1")
                .anyMatch(line -> line.startsWith(
                        "apiserver_request_total{code=\"200\",component=\"apiserver\",dry_run=\"\",group=\"\","
                                + "resource=\"pods\",scope=\"cluster\",subresource=\"\",verb=\"LIST\""))
                .allMatch(line -> line.matches("# (HELP|TYPE) .*|[a-z_]+(\\{.*})? [-+0-9.e]+"));
    }

    /** The page says what docs/metrics.md says of it. */
    @Test
    void metricsAreAsDocumented() throws IOException {
        face.get("/api/v1/endpoints");
        face.request("POST", "/api/v1/namespaces?dryRun=All", "{\"metadata\":{\"name\":\"tried\"}}");
        face.get("/api/v1/namespaces?watch=1&timeoutSeconds=1");
        Map<String, String> documented = new TreeMap<>();
        Files.readAllLines(Path.of("../docs/metrics.md")).stream()
                .filter(line -> line.startsWith("| `") && !line.contains("/"))
                .map(line -> line.split(" *\\| *"))
                .filter(cells -> cells.length == 5)
                .forEach(cells -> documented.put(cells[1].replace("`", ""), cells[2] + " " + cells[3]));
        Map<String, String> shown = families(face.get("/metrics").body());
        assertThat(documented).containsAllEntriesOf(shown);
        documented.keySet().removeAll(shown.keySet());
        assertThat(documented.keySet())
                .containsExactlyInAnyOrder(
                        "apiserver_flowcontrol_rejected_requests_total", "apiserver_request_terminations_total");
    }

    /** Type and labels of each family on the page. */
    private static Map<String, String> families(String page) {
        Map<String, String> types = new TreeMap<>();
        Map<String, String> families = new TreeMap<>();
        for (String line : page.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                types.put(line.split(" ")[2], line.split(" ")[3]);
            } else if (!line.startsWith("#")) {
                String name = line.replaceFirst("[{ ].*", "");
                String family = types.containsKey(name) ? name : name.replaceFirst("_(bucket|sum|count)$", "");
                String labels = Pattern.compile("(\\w+)=\"")
                        .matcher(line)
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .sorted()
                        .collect(Collectors.joining(" "));
                families.put(family, (types.get(family) + " " + labels));
            }
        }
        return families;
    }

    @Test
    void theRootNamesThePaths() {
        assertThat(face.get("/").body()).contains("\"/apis/apps/v1\"", "\"/version\"", "\"/api/v1\"");
    }
}
