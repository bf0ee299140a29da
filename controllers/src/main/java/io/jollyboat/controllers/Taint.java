package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What keeps Pods off a node.
 *
 * @param added when, as the API writes it; "" where it does not say
 */
public record Taint(String key, String value, String effect, String added) {
    public static final String NO_SCHEDULE = "NoSchedule";
    public static final String NO_EXECUTE = "NoExecute";
    public static final String NOT_READY = "node.kubernetes.io/not-ready";
    public static final String UNREACHABLE = "node.kubernetes.io/unreachable";

    public static List<Taint> all(ObjectNode node) {
        List<Taint> found = new ArrayList<>();
        for (JsonNode entry : node.path("spec").path("taints")) {
            found.add(new Taint(
                    entry.path("key").stringValue(""),
                    entry.path("value").stringValue(""),
                    entry.path("effect").stringValue(""),
                    entry.path("timeAdded").stringValue("")));
        }
        return List.copyOf(found);
    }

    /** Two taints of the same key and effect are the same taint. */
    boolean same(Taint other) {
        return key.equals(other.key) && effect.equals(other.effect);
    }

    public boolean evicts() {
        return effect.equals(NO_EXECUTE);
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("key", key);
        if (!value.isEmpty()) {
            node.put("value", value);
        }
        node.put("effect", effect);
        if (!added.isEmpty()) {
            node.put("timeAdded", added);
        }
        return node;
    }
}
