package io.jollyboat.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The annotation in which {@code kubectl apply} keeps what it applied last. With the same text as kubectl's own, a
 * later {@code kubectl apply} of the same file says {@code unchanged}.
 */
final class LastApplied {
    static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final JsonMapper SORTED = JsonMapper.builder()
            .enable(tools.jackson.databind.cfg.JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .build();

    private LastApplied() {}

    /** A copy of the object that carries the annotation. */
    static ObjectNode into(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        ObjectNode metadata = copy.withObject("/metadata");
        ObjectNode annotations = metadata.withObject("/annotations");
        annotations.remove(ANNOTATION);
        String text = text(copy);
        annotations.put(ANNOTATION, text);
        return copy;
    }

    /** Sorted keys, no spaces, a line end, and the characters that Go's encoder escapes for HTML's sake. */
    private static String text(JsonNode json) {
        return SORTED.writeValueAsString(json)
                        .replace("<", "\\u003c")
                        .replace(">", "\\u003e")
                        .replace("&", "\\u0026")
                + "\n";
    }
}
