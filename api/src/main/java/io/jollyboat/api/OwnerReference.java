package io.jollyboat.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry of {@code metadata.ownerReferences}: an object without whom this one is garbage.
 *
 * @param controller the one owner that manages this object
 * @param blockOwnerDeletion foreground deletion of the owner waits for this object
 */
public record OwnerReference(
        String apiVersion, String kind, String name, String uid, boolean controller, boolean blockOwnerDeletion) {

    /** The reference that a controller puts on what it creates. */
    public static OwnerReference controller(String apiVersion, String kind, ObjectNode owner) {
        return new OwnerReference(apiVersion, kind, Meta.name(owner), Meta.uid(owner), true, true);
    }

    /** Reads one entry; what is missing is "" or false. */
    public static OwnerReference of(JsonNode entry) {
        return new OwnerReference(
                entry.path("apiVersion").stringValue(""),
                entry.path("kind").stringValue(""),
                entry.path("name").stringValue(""),
                entry.path("uid").stringValue(""),
                entry.path("controller").booleanValue(false),
                entry.path("blockOwnerDeletion").booleanValue(false));
    }

    /** The entry as JSON; the two flags stand there only when true. */
    public ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("apiVersion", apiVersion).put("kind", kind).put("name", name).put("uid", uid);
        if (controller) {
            node.put("controller", true);
        }
        if (blockOwnerDeletion) {
            node.put("blockOwnerDeletion", true);
        }
        return node;
    }

    /** {@code apps} of {@code apps/v1}, "" of {@code v1}. */
    public String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
