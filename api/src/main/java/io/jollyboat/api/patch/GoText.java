package io.jollyboat.api.patch;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Writes a value as Kubernetes' messages show it: {@code map[name:web ports:[80 443]]}. */
final class GoText {
    private GoText() {}

    static String of(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            value.forEachEntry(sorted::put);
            text.append("map[");
            String separator = "";
            for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
                text.append(separator).append(entry.getKey()).append(':');
                write(entry.getValue(), text);
                separator = " ";
            }
            text.append(']');
        } else if (value.isArray()) {
            text.append('[');
            String separator = "";
            for (JsonNode element : value) {
                text.append(separator);
                write(element, text);
                separator = " ";
            }
            text.append(']');
        } else {
            text.append(value.isNull() ? "<nil>" : value.asString());
        }
    }
}
