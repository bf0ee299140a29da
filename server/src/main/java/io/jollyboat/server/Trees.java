package io.jollyboat.server;

import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Compares objects. */
final class Trees {
    private Trees() {}

    /** Whether two values mean the same JSON: the order of fields and the Java type of a number do not count. */
    @SuppressWarnings("ReferenceEquality") // shared subtrees are common and need no walk
    static boolean same(JsonNode one, JsonNode other) {
        if (one == other) {
            return true;
        }
        if (one.isObject() && other.isObject()) {
            if (one.size() != other.size()) {
                return false;
            }
            for (Map.Entry<String, JsonNode> entry : one.properties()) {
                JsonNode value = other.get(entry.getKey());
                if (value == null || !same(entry.getValue(), value)) {
                    return false;
                }
            }
            return true;
        }
        if (one.isArray() && other.isArray()) {
            if (one.size() != other.size()) {
                return false;
            }
            Iterator<JsonNode> others = other.values().iterator();
            for (JsonNode element : one) {
                if (!same(element, others.next())) {
                    return false;
                }
            }
            return true;
        }
        if (one.isIntegralNumber() && other.isIntegralNumber()) {
            return one.bigIntegerValue().equals(other.bigIntegerValue());
        }
        return one.equals(other);
    }
}
