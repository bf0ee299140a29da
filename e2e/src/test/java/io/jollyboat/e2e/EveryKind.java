package io.jollyboat.e2e;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.codec.Manifest;
import io.jollyboat.testing.Samples;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind's sample for clients.
 *
 * @param object with its namespace
 * @param change a merge patch
 */
record EveryKind(Resource resource, ObjectNode object, ObjectNode change) {
    /** All kinds whose objects can be made and stay. */
    static Stream<EveryKind> stored() {
        return Resources.builtIn().all().stream()
                .filter(resource -> resource.verbs().containsAll(List.of("create", "get", "delete")))
                .map(EveryKind::of);
    }

    /** All kinds that answer a question. */
    static Stream<EveryKind> questions() {
        return Resources.builtIn().all().stream()
                .filter(resource -> resource.kind().endsWith("Review"))
                .map(EveryKind::of);
    }

    private static EveryKind of(Resource resource) {
        List<Manifest.Part> parts = Manifest.parts(Samples.text(resource.apiVersion(), resource.kind()));
        ObjectNode object = parts.get(0).object();
        if (resource.namespaced()) {
            object.withObjectProperty("metadata").put("namespace", Samples.NAMESPACE);
        }
        JsonNode change = parts.get(1).object().path("change");
        return new EveryKind(
                resource,
                object,
                change instanceof ObjectNode patch ? patch : parts.get(1).object());
    }

    String name() {
        return object.at("/metadata/name").asString("");
    }

    /** "" for kinds without one. */
    String namespace() {
        return object.at("/metadata/namespace").asString("");
    }

    @Override
    public String toString() {
        return resource.apiVersion() + " " + resource.kind();
    }
}
