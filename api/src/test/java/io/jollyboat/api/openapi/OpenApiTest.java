package io.jollyboat.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.kinds.TextTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final Documents documents = new Documents(Resources.builtIn(), "v1.35.0");

    @Test
    void kubectlFindsWhatItLooksForInThePatchOfEachKind() {
        for (Resource resource : Resources.builtIn().all()) {
            if (resource.verbs().contains("patch")) {
                JsonNode document = v3(resource.apiVersion());
                String home = resource.namespaced() ? "/namespaces/{namespace}/" : "/";
                JsonNode patch = document.path("paths")
                        .path(Paths.base(resource.apiVersion()) + home + resource.plural() + "/{name}")
                        .path("patch");
                assertThat(patch.path("x-kubernetes-action").asString()).isEqualTo("patch");
                assertThat(patch.path("x-kubernetes-group-version-kind"))
                        .isEqualTo(Kinds.groupVersionKind(resource.apiVersion(), resource.kind()));
                assertThat(patch.path("parameters").findValuesAsString("name")).contains("fieldValidation");
                assertThat(patch.path("requestBody").path("content").has("application/strategic-merge-patch+json"))
                        .isTrue();
            }
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (String path : documents.hashes().keySet()) {
            JsonNode document = JSON.readTree(documents.v3(path).orElseThrow());
            for (String reference : references(document)) {
                assertThat(document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue();
            }
        }
        JsonNode old = JSON.readTree(documents.v2());
        for (String reference : references(old)) {
            assertThat(old.at(reference.substring(1)).isObject()).as(reference).isTrue();
        }
    }

    @Test
    void schemasSayWhatTheTableKnows() {
        JsonNode schemas = v3("v1").path("components").path("schemas");
        assertThat(schemas.path("io.k8s.api.core.v1.Pod").path("x-kubernetes-group-version-kind"))
                .isEqualTo(JSON.readTree("[{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"}]"));
        JsonNode spec = schemas.path("io.k8s.api.core.v1.PodSpec");
        assertThat(spec.path("required")).isEqualTo(JSON.readTree("[\"containers\"]"));
        JsonNode containers = ((tools.jackson.databind.node.ObjectNode)
                        spec.path("properties").path("containers"))
                .without("description");
        assertThat(containers).isEqualTo(JSON.readTree("""
                {"items":{"allOf":[{"$ref":"#/components/schemas/io.k8s.api.core.v1.Container"}],"default":{}},
                 "type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
                 "x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"}"""));
        JsonNode protocol = schemas.path("io.k8s.api.core.v1.ServicePort")
                .path("properties")
                .path("protocol");
        assertThat(protocol.path("default").asString()).isEqualTo("TCP");
        assertThat(protocol.path("enum")).hasSize(3);
        assertThat(protocol.path("description").asString()).startsWith("The IP protocol for this port.");
        assertThat(schemas.path("io.k8s.apimachinery.pkg.util.intstr.IntOrString")
                        .path("oneOf"))
                .hasSize(2);
    }

    @Test
    void closedSetsOfValuesAreListed() {
        for (JsonNode schemas : List.of(
                v3("v1").path("components").path("schemas"),
                JSON.readTree(documents.v2()).path("definitions"))) {
            JsonNode pod = schemas.path("io.k8s.api.core.v1.PodSpec").path("properties");
            assertThat(pod.at("/restartPolicy/enum")).isEqualTo(JSON.readTree("[\"Always\",\"Never\",\"OnFailure\"]"));
            assertThat(pod.at("/restartPolicy/description").asString())
                    .endsWith("\n\nPossible enum values:\n - `\"Always\"`\n - `\"Never\"`\n - `\"OnFailure\"`");
            assertThat(pod.at("/dnsPolicy/description").asString())
                    .contains("\n - `\"Default\"` what the node itself uses\n");
            JsonNode claim =
                    schemas.path("io.k8s.api.core.v1.PersistentVolumeClaimSpec").path("properties");
            assertThat(claim.at("/accessModes/items/enum")).hasSize(4);
            assertThat(claim.at("/accessModes/description").asString()).doesNotContain("Possible enum values");
            JsonNode status = schemas.path("io.k8s.api.core.v1.PersistentVolumeClaimStatus")
                    .path("properties");
            assertThat(status.at("/allocatedResourceStatuses/additionalProperties/enum"))
                    .hasSize(5);
        }
    }

    @Test
    void everySetThatHasWordsIsThere() {
        Set<String> sets = new HashSet<>();
        JSON.readTree(documents.v2()).path("definitions").findValues("enum").stream()
                .filter(JsonNode::isArray)
                .forEach(set ->
                        sets.add(set.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))));
        TextTable.sections(ValueWords.class, "values.txt").forEach((set, rows) -> {
            assertThat(sets).contains(set);
            assertThat(List.of(set.split(",")))
                    .containsAll(rows.stream()
                            .map(row -> row.getFirst().replace("<empty>", ""))
                            .toList());
        });
    }

    @Test
    void operationsHaveDistinctNames() {
        List<String> ids = new ArrayList<>();
        JSON.readTree(documents.v2()).path("paths").findValues("operationId").forEach(id -> ids.add(id.asString()));
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(400);
        assertThat(ids).contains("readAppsV1NamespacedDeployment", "deleteCoreV1CollectionNamespacedPod");
    }

    @Test
    void theIndexNamesEachDocumentByItsHash() {
        JsonNode index = JSON.readTree(OpenApi.index(documents.hashes()));
        String url = index.path("paths")
                .path("apis/apps/v1")
                .path("serverRelativeURL")
                .asString();
        assertThat(url).matches("/openapi/v3/apis/apps/v1\\?hash=[0-9A-F]{128}");
        assertThat(new Documents(Resources.builtIn(), "v1.35.0").hashes()).isEqualTo(documents.hashes());
        assertThat(new TreeSet<>(documents.hashes().values()))
                .hasSameSizeAs(documents.hashes().keySet());
        assertThat(documents.v3("apis/nothing/v1")).isEmpty();
        assertThat(documents.v3("apis/apps/v1").orElseThrow())
                .isEqualTo(new Documents(Resources.builtIn(), "v1.35.0")
                        .v3("apis/apps/v1")
                        .orElseThrow());
    }

    /** Those that are texts: a schema's own field of that name is an object. */
    private static TreeSet<String> references(JsonNode document) {
        TreeSet<String> references = new TreeSet<>();
        document.findValues("$ref").stream().filter(JsonNode::isString).forEach(r -> references.add(r.stringValue()));
        assertThat(references).hasSizeGreaterThan(10);
        return references;
    }

    private JsonNode v3(String apiVersion) {
        return JSON.readTree(documents.v3(Documents.path(apiVersion)).orElseThrow());
    }
}
