package io.jollyboat.controllers;

import io.jollyboat.api.OwnerReference;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Pieces of merge patches (RFC 7386), in which null removes a field. */
final class Merge {
    private Merge() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A patch that the server refuses for any other object, and with a version for any other state of it. */
    static ObjectNode guarded(String uid, String resourceVersion) {
        ObjectNode patch = object();
        ObjectNode metadata = patch.putObject("metadata").put("uid", uid);
        if (!resourceVersion.isEmpty()) {
            metadata.put("resourceVersion", resourceVersion);
        }
        return patch;
    }

    /** Kubernetes leaves out counters of zero. */
    static ObjectNode counter(ObjectNode node, String field, long count) {
        return count == 0 ? node.putNull(field) : node.put(field, count);
    }

    static void conditions(ObjectNode status, List<Condition> conditions) {
        if (conditions.isEmpty()) {
            status.putNull("conditions");
            return;
        }
        ArrayNode array = status.putArray("conditions");
        conditions.forEach(condition -> array.add(condition.json()));
    }

    static void owners(ObjectNode metadata, List<OwnerReference> owners) {
        if (owners.isEmpty()) {
            metadata.putNull("ownerReferences");
            return;
        }
        ArrayNode array = metadata.putArray("ownerReferences");
        owners.forEach(owner -> array.add(owner.json()));
    }

    static void texts(ObjectNode metadata, String field, List<String> texts) {
        if (texts.isEmpty()) {
            metadata.putNull(field);
            return;
        }
        ArrayNode array = metadata.putArray(field);
        texts.forEach(array::add);
    }
}
