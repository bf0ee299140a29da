package io.jollyboat.server;

import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Conditions in a status. */
final class Conditions {
    private Conditions() {}

    /** Sets a condition by its type; its time moves only when its status does. */
    static void set(ObjectNode object, String type, String status, String reason, String message, Instant now) {
        ObjectNode holder = object.withObjectProperty("status");
        ArrayNode conditions =
                holder.path("conditions") instanceof ArrayNode present ? present : holder.putArray("conditions");
        ObjectNode condition = find(conditions, type);
        if (!condition.path("status").stringValue("").equals(status)) {
            condition.put("lastTransitionTime", Times.seconds(now));
        }
        condition.put("type", type).put("status", status);
        put(condition, "reason", reason);
        put(condition, "message", message);
    }

    /** Whether a condition stands there with status True. */
    static boolean isTrue(JsonNode object, String type) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").stringValue("").equals(type)) {
                return condition.path("status").stringValue("").equals("True");
            }
        }
        return false;
    }

    private static ObjectNode find(ArrayNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition instanceof ObjectNode found
                    && found.path("type").stringValue("").equals(type)) {
                return found;
            }
        }
        return conditions.addObject();
    }

    private static void put(ObjectNode condition, String field, String text) {
        if (text.isEmpty()) {
            condition.remove(field);
        } else {
            condition.put(field, text);
        }
    }
}
