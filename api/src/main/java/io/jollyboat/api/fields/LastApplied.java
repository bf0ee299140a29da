package io.jollyboat.api.fields;

import io.jollyboat.api.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The annotation in which client-side apply keeps what it applied. Server-side apply by kubectl reads it, so that users
 * may change over without conflicts, and keeps it up to date where it is, so that they may change back.
 */
final class LastApplied {
    static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    /** Only this manager has to do with the annotation. */
    static final String MANAGER = "kubectl";

    /** Annotations together may be no larger (Kubernetes' limit); where they would be, this one goes. */
    private static final int MOST_BYTES = 256 * 1024;

    private static final JsonMapper JSON = new JsonMapper();

    private LastApplied() {}

    /** The paths that client-side apply set and that nobody changed since; empty where nothing is known of it. */
    static FieldSet unchanged(ObjectNode live, Edit edit) {
        Optional<String> text = Meta.annotation(live, ANNOTATION).filter(t -> !t.isEmpty());
        if (text.isEmpty()) {
            return FieldSet.EMPTY;
        }
        JsonNode applied;
        try {
            applied = JSON.readTree(text.get());
        } catch (JacksonException e) {
            return FieldSet.EMPTY;
        }
        Shape shape = edit.shape();
        if (!applied.path("apiVersion").stringValue("").equals(edit.apiVersion())
                || TypeCheck.check(applied, shape).isPresent()) {
            return FieldSet.EMPTY;
        }
        Comparison.Result since = Comparison.of(applied, live, shape, FieldSet.EMPTY);
        return Ownership.of(applied, shape).difference(since.changed()).difference(since.removed());
    }

    /** Rewrites the annotation from the intent where the object has it. */
    static void refresh(ObjectNode merged, ObjectNode intent) {
        if (Meta.annotation(merged, ANNOTATION).orElse("").isEmpty()) {
            return;
        }
        ObjectNode plain = intent.deepCopy();
        if (plain.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode annotations = ((ObjectNode) merged.path("metadata").path("annotations")).deepCopy();
        annotations.put(ANNOTATION, sorted(plain) + "\n");
        long bytes = annotations
                .propertyStream()
                .mapToLong(
                        entry -> bytes(entry.getKey()) + bytes(entry.getValue().stringValue("")))
                .sum();
        if (bytes > MOST_BYTES) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode metadata = ((ObjectNode) merged.path("metadata"));
        metadata.set("annotations", annotations);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** With the names of objects in order, as Go writes them. */
    private static JsonNode sorted(JsonNode value) {
        if (value.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            TreeMap<String, JsonNode> parts = new TreeMap<>();
            value.forEachEntry(parts::put);
            parts.forEach((name, part) -> copy.set(name, sorted(part)));
            return copy;
        }
        if (value.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        return value;
    }
}
