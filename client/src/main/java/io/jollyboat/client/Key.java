package io.jollyboat.client;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Target;
import tools.jackson.databind.JsonNode;

/**
 * Which object of a kind.
 *
 * @param namespace "" for cluster-scoped kinds
 */
public record Key(String namespace, String name) {
    /** The key of an object, read from its metadata. */
    public static Key of(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new Key(
                metadata.path("namespace").stringValue(""),
                metadata.path("name").stringValue(""));
    }

    public static Key clusterScoped(String name) {
        return new Key("", name);
    }

    public Target in(Resource resource) {
        return Target.of(resource, namespace, name);
    }

    /** {@code namespace/name}, or the name alone. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
