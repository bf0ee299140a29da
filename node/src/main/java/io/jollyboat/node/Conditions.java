package io.jollyboat.node;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The conditions of a status: the time of the last change stays where the answer stays. */
final class Conditions {
    private final JsonNode before;
    private final long generation;
    private final String now;
    private final ArrayNode nodes = JsonNodeFactory.instance.arrayNode();

    /** @param generation of the object, 0 for none */
    Conditions(JsonNode before, long generation, String now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    void add(String type, boolean holds, String reason, String message) {
        JsonNode old = find(before, type);
        String status = holds ? "True" : "False";
        boolean same = old.path("status").stringValue("").equals(status);
        ObjectNode node = nodes.addObject();
        node.putNull("lastProbeTime");
        node.put("lastTransitionTime", same ? old.path("lastTransitionTime").stringValue(now) : now);
        if (!message.isEmpty()) {
            node.put("message", message);
        }
        if (generation > 0) {
            node.put("observedGeneration", generation);
        }
        if (!reason.isEmpty()) {
            node.put("reason", reason);
        }
        node.put("status", status);
        node.put("type", type);
    }

    ArrayNode nodes() {
        return nodes;
    }

    static boolean holds(JsonNode condition) {
        return condition.path("status").stringValue("").equals("True");
    }

    /** A status with one of its conditions in other words; the status itself where it has none of that type. */
    static JsonNode reworded(JsonNode status, JsonNode condition) {
        JsonNode reworded = status.deepCopy();
        if (reworded.path("conditions") instanceof ArrayNode conditions) {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).path("type").equals(condition.path("type"))) {
                    conditions.set(i, condition);
                }
            }
        }
        return reworded;
    }

    static JsonNode find(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").stringValue("").equals(type)) {
                return condition;
            }
        }
        return conditions.path("none");
    }
}
