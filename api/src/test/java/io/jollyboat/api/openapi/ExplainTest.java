package io.jollyboat.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether {@code kubectl explain} has something to say of every field of every kind: its way through the documents is
 * gone here, which would take some ten thousand processes of its own.
 */
class ExplainTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PLACE = "#/components/schemas/";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String DEFINITIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    /** Of all the fields of these definitions, or of one, upstream's document says nothing either. */
    private static final Set<String> WITHOUT_WORDS = Set.of(
            DEFINITIONS + "ExternalDocumentation",
            DEFINITIONS + "JSONSchemaProps",
            META + "WatchEvent type",
            "io.k8s.api.certificates.v1.CertificateSigningRequest metadata",
            "io.k8s.api.certificates.v1.CertificateSigningRequestList metadata",
            "io.k8s.api.networking.v1.IngressRule http");

    private static final Set<String> TYPES = Set.of("string", "integer", "boolean", "number", "Object");

    private final Documents documents = new Documents(Resources.builtIn(), "v1.35.0");
    private final Map<String, JsonNode> read = new HashMap<>();

    /** A field that was reached, by the names that a user would type. */
    private record Found(List<String> path, JsonNode schema) {}

    @Test
    void everyFieldOfEveryKindIsExplained() {
        int fields = 0;
        for (Resource resource : Resources.builtIn().all()) {
            JsonNode document = document(resource);
            JsonNode root = root(document, resource);
            List<Found> found = new ArrayList<>();
            collect(document, root, List.of(), Set.of(), found);
            assertThat(found).as(resource.kind()).isNotEmpty();
            for (Found field : found) {
                String name = resource.apiVersion() + " " + resource.kind() + " " + String.join(".", field.path());
                assertThat(field.path()).as(name).hasSizeLessThan(25);
                String type = type(document, field.schema());
                assertThat(type.replaceAll("^(\\[\\]|map\\[string\\])*", ""))
                        .as(name)
                        .matches(this::isType);
                Optional<JsonNode> walked = walk(document, root, field.path());
                assertThat(walked).as(name).contains(field.schema());
            }
            fields += found.size();
        }
        assertThat(fields).isGreaterThan(14_000); // a Pod alone has a thousand
    }

    private boolean isType(String type) {
        return TYPES.contains(type) || Character.isUpperCase(type.charAt(0));
    }

    @Test
    void everyDefinitionIsWhole() {
        Set<String> silent = new TreeSet<>();
        for (String path : documents.hashes().keySet()) {
            JsonNode schemas = JSON.readTree(documents.v3(path).orElseThrow())
                    .path("components")
                    .path("schemas");
            schemas.properties().forEach(schema -> {
                JsonNode properties = schema.getValue().path("properties");
                for (JsonNode required : schema.getValue().path("required")) {
                    assertThat(properties.has(required.asString()))
                            .as(schema.getKey() + " " + required)
                            .isTrue();
                }
                assertThat(schema.getValue().path("description").asString(""))
                        .as(schema.getKey())
                        .isNotEmpty();
                properties.properties().forEach(property -> {
                    String name = schema.getKey() + " " + property.getKey();
                    check(name, property.getValue());
                    if (property.getValue().path("description").asString("").isEmpty()) {
                        silent.add(WITHOUT_WORDS.contains(schema.getKey()) ? schema.getKey() : name);
                    }
                });
            });
        }
        assertThat(silent).isEqualTo(new TreeSet<>(WITHOUT_WORDS));
    }

    private static void check(String name, JsonNode property) {
        for (JsonNode value : property.path("enum")) {
            assertThat(value.isString()).as(name).isTrue();
        }
        assertThat(property.path("enum").size())
                .as(name)
                .isEqualTo(
                        Set.copyOf(property.path("enum").valueStream().toList()).size());
        assertThat(property.path("allOf").size()).as(name).isLessThan(2);
    }

    private JsonNode document(Resource resource) {
        return read.computeIfAbsent(
                resource.apiVersion(),
                apiVersion ->
                        JSON.readTree(documents.v3(Documents.path(apiVersion)).orElseThrow()));
    }

    /** The schema of a kind, whose name kubectl takes from the first operation of the resource. */
    private static JsonNode root(JsonNode document, Resource resource) {
        String base = Paths.base(resource.apiVersion()) + "/";
        List<String> places = List.of(
                base + resource.plural(),
                base + resource.plural() + "/{name}",
                base + "namespaces/{namespace}/" + resource.plural(),
                base + "namespaces/{namespace}/" + resource.plural() + "/{name}");
        JsonNode kind = places.stream()
                .map(place -> document.path("paths").path(place))
                .flatMap(path -> List.of("get", "post", "put", "patch", "delete").stream()
                        .map(path::path))
                .map(operation -> operation.path("x-kubernetes-group-version-kind"))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElseThrow(() -> new AssertionError(resource + " has no operation"));
        assertThat(kind).isEqualTo(Kinds.groupVersionKind(resource.apiVersion(), resource.kind()));
        List<JsonNode> schemas = document.path("components")
                .path("schemas")
                .valueStream()
                .filter(schema -> schema.path("x-kubernetes-group-version-kind")
                        .valueStream()
                        .anyMatch(kind::equals))
                .toList();
        assertThat(schemas).as(resource.kind()).hasSize(1);
        return schemas.getFirst();
    }

    /** As {@code --recursive} lists fields; a reference that was gone through on the way is not gone through again. */
    private static void collect(
            JsonNode document, JsonNode schema, List<String> path, Set<String> history, List<Found> found) {
        String reference = schema.path("$ref").asString("");
        if (history.contains(reference)) {
            return;
        }
        Set<String> next = new HashSet<>(history);
        if (!reference.isEmpty()) {
            next.add(reference);
        }
        JsonNode resolved = resolved(document, schema);
        resolved.path("properties").properties().forEach(property -> {
            List<String> below = new ArrayList<>(path);
            below.add(property.getKey());
            found.add(new Found(below, property.getValue()));
            collect(document, property.getValue(), below, next, found);
        });
        for (JsonNode inner : inner(resolved)) {
            collect(document, inner, path, next, found);
        }
    }

    /** As a path that was typed is followed. */
    private static Optional<JsonNode> walk(JsonNode document, JsonNode schema, List<String> path) {
        if (path.isEmpty()) {
            return Optional.of(schema);
        }
        JsonNode resolved = resolved(document, schema);
        JsonNode property = resolved.path("properties").path(path.getFirst());
        if (!property.isMissingNode()) {
            return walk(document, property, path.subList(1, path.size()));
        }
        return inner(resolved).stream()
                .map(inner -> walk(document, inner, path))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static List<JsonNode> inner(JsonNode schema) {
        List<JsonNode> inner =
                new ArrayList<>(schema.path("allOf").valueStream().toList());
        for (String field : List.of("items", "additionalProperties")) {
            if (schema.path(field).isObject()) {
                inner.add(schema.path(field));
            }
        }
        return inner;
    }

    private static JsonNode resolved(JsonNode document, JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        if (reference.isEmpty()) {
            return schema;
        }
        assertThat(reference).startsWith(PLACE);
        JsonNode target = document.path("components").path("schemas").path(reference.substring(PLACE.length()));
        assertThat(target.isObject()).as(reference).isTrue();
        return target;
    }

    /** What kubectl writes between the angle brackets. */
    private static String type(JsonNode document, JsonNode schema) {
        if (schema.has("items")) {
            return "[]" + type(document, schema.path("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            return "map[string]" + type(document, schema.path("additionalProperties"));
        }
        if (schema.path("allOf").size() == 1) {
            return type(document, schema.path("allOf").get(0));
        }
        String type = resolved(document, schema).path("type").asString("object");
        String reference = schema.path("$ref").asString("");
        if (!type.equals("object")) {
            return type;
        }
        return reference.isEmpty() ? "Object" : reference.substring(reference.lastIndexOf('.') + 1);
    }
}
