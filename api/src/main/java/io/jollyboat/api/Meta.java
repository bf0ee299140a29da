package io.jollyboat.api;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the metadata of an object. What is missing or of the wrong type reads as "", empty or 0: validation is done
 * elsewhere, and a reader never fails.
 */
public final class Meta {
    private Meta() {}

    public static String apiVersion(JsonNode object) {
        return object.path("apiVersion").stringValue("");
    }

    public static String kind(JsonNode object) {
        return object.path("kind").stringValue("");
    }

    public static String name(JsonNode object) {
        return text(object, "name");
    }

    public static String generateName(JsonNode object) {
        return text(object, "generateName");
    }

    /** "" for cluster-scoped objects. */
    public static String namespace(JsonNode object) {
        return text(object, "namespace");
    }

    /** {@code namespace/name}, or the name alone: how logs name an object. */
    public static String key(JsonNode object) {
        String namespace = namespace(object);
        return namespace.isEmpty() ? name(object) : namespace + "/" + name(object);
    }

    public static String uid(JsonNode object) {
        return text(object, "uid");
    }

    public static String resourceVersion(JsonNode object) {
        return text(object, "resourceVersion");
    }

    /** 0 for kinds that do not count their changes. */
    public static long generation(JsonNode object) {
        return object.path("metadata").path("generation").longValue(0);
    }

    public static Optional<Instant> creationTimestamp(JsonNode object) {
        return time(object, "creationTimestamp");
    }

    /** When the object is to be gone; present means that it is being deleted. */
    public static Optional<Instant> deletionTimestamp(JsonNode object) {
        return time(object, "deletionTimestamp");
    }

    public static boolean isBeingDeleted(JsonNode object) {
        return object.path("metadata").path("deletionTimestamp").isString();
    }

    /** The labels as JSON, for selectors; a missing node when there are none. */
    public static JsonNode labelsNode(JsonNode object) {
        return object.path("metadata").path("labels");
    }

    public static Map<String, String> labels(JsonNode object) {
        return texts(labelsNode(object));
    }

    public static Optional<String> label(JsonNode object, String key) {
        return labelsNode(object).path(key).stringValueOpt();
    }

    public static Map<String, String> annotations(JsonNode object) {
        return texts(object.path("metadata").path("annotations"));
    }

    public static Optional<String> annotation(JsonNode object, String key) {
        return object.path("metadata").path("annotations").path(key).stringValueOpt();
    }

    public static List<String> finalizers(JsonNode object) {
        List<String> found = new ArrayList<>();
        for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
            finalizer.stringValueOpt().ifPresent(found::add);
        }
        return found;
    }

    public static List<OwnerReference> ownerReferences(JsonNode object) {
        JsonNode entries = object.path("metadata").path("ownerReferences");
        if (entries.isEmpty()) {
            return List.of();
        }
        List<OwnerReference> found = new ArrayList<>(entries.size());
        for (JsonNode entry : entries) {
            found.add(OwnerReference.of(entry));
        }
        return found;
    }

    /** The owner that manages the object. */
    public static Optional<OwnerReference> controller(JsonNode object) {
        for (JsonNode entry : object.path("metadata").path("ownerReferences")) {
            if (entry.path("controller").booleanValue(false)) {
                return Optional.of(OwnerReference.of(entry));
            }
        }
        return Optional.empty();
    }

    /** The metadata for writing; made when the object has none. */
    public static ObjectNode writable(ObjectNode object) {
        return object.path("metadata") instanceof ObjectNode metadata ? metadata : object.putObject("metadata");
    }

    private static String text(JsonNode object, String field) {
        return object.path("metadata").path(field).stringValue("");
    }

    private static Optional<Instant> time(JsonNode object, String field) {
        String text = text(object, field);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> texts(JsonNode map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        Map<String, String> found = new LinkedHashMap<>();
        map.forEachEntry((key, value) -> value.stringValueOpt().ifPresent(text -> found.put(key, text)));
        return found;
    }
}
