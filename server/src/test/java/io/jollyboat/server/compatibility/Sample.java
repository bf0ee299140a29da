package io.jollyboat.server.compatibility;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.codec.Manifest;
import io.jollyboat.api.patch.MergePatch;
import io.jollyboat.testing.Samples;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One kind's sample: an object, and what may be done to it. */
record Sample(Resource resource, ObjectNode object, ObjectNode trial) {
    static Sample of(Resource resource) {
        List<Manifest.Part> parts = Manifest.parts(Samples.text(resource.apiVersion(), resource.kind()));
        return new Sample(resource, parts.get(0).object(), parts.get(1).object());
    }

    /** The collection, in the namespace of trials. */
    String collection() {
        String root = (resource.group().isEmpty() ? "/api/" : "/apis/") + resource.apiVersion();
        String scope = resource.namespaced() ? "/namespaces/" + Samples.NAMESPACE : "";
        return root + scope + "/" + resource.plural();
    }

    String name() {
        return Meta.name(object);
    }

    String path() {
        return collection() + "/" + name();
    }

    ObjectNode change() {
        return trial.path("change") instanceof ObjectNode change
                ? change.deepCopy()
                : JsonNodeFactory.instance.objectNode();
    }

    /** An object with a merge patch of the sample's laid over it. */
    static ObjectNode with(ObjectNode object, JsonNode patch) {
        return MergePatch.apply(object, (ObjectNode) patch);
    }

    /** Whether it can be made at all, and stays. */
    boolean isStored() {
        return resource.verbs().contains("create") && resource.verbs().contains("get");
    }
}
