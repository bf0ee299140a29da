package io.jollyboat.api.fields;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lays an intent over a live object: objects and associative lists merge, everything else is the intent's. */
final class Merging {
    private Merging() {}

    /** The merged object, new but sharing unchanged parts with both. Null in the intent takes a field away. */
    static JsonNode merge(JsonNode live, JsonNode intent, Shape shape) {
        if (intent.isMissingNode()) {
            return live;
        }
        if (shape.isGranularObject(intent)) {
            return mergeObjects(
                    shape.isGranularObject(live) ? live : JsonNodeFactory.instance.objectNode(), intent, shape);
        }
        Optional<Map<PathElement, List<JsonNode>>> wanted = shape.items(intent);
        if (wanted.isEmpty()) {
            return intent;
        }
        Optional<Map<PathElement, List<JsonNode>>> old = shape.items(live);
        return old.isPresent()
                ? mergeLists(live, old.get(), wanted.get(), shape)
                : mergeLists(empty(), Map.of(), wanted.get(), shape);
    }

    private static ArrayNode empty() {
        return JsonNodeFactory.instance.arrayNode();
    }

    private static JsonNode mergeObjects(JsonNode live, JsonNode intent, Shape shape) {
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        live.forEachEntry(merged::set);
        intent.forEachEntry((name, wanted) -> {
            if (wanted.isNull()) {
                merged.remove(name);
            } else {
                merged.set(name, merge(live.path(name), wanted, shape.field(name)));
            }
        });
        return merged;
    }

    /**
     * Elements of both come in the intent's order; those that only the live list has keep their place between.
     *
     * <p>Live a b c d, intent c x a. a is wanted after c, so the live a waits; b comes first, as it stood; then c, and
     * d, which followed it; x, which is new, and a come last: b c d x a.
     */
    private static ArrayNode mergeLists(
            JsonNode live, Map<PathElement, List<JsonNode>> old, Map<PathElement, List<JsonNode>> wanted, Shape shape) {
        Deque<JsonNode> left = new ArrayDeque<>();
        live.forEach(left::add);
        Deque<PathElement> right = new ArrayDeque<>(wanted.keySet());
        Deque<PathElement> shared = new ArrayDeque<>(right);
        shared.removeIf(name -> !old.containsKey(name));
        Set<PathElement> done = new HashSet<>();
        ArrayNode merged = empty();
        while (!left.isEmpty() || !right.isEmpty()) {
            Optional<PathElement> head = Optional.ofNullable(left.peek()).flatMap(shape::name);
            boolean onlyLive = head.isPresent() && !wanted.containsKey(head.get());
            if (onlyLive) {
                merged.add(left.remove());
                continue;
            }
            boolean meets = head.isPresent() && head.get().equals(right.peek());
            if (head.isPresent() && (meets || done.contains(head.get()) || waits(head.get(), shared, right))) {
                left.remove();
                if (!meets && !shared.isEmpty()) {
                    continue;
                }
            }
            if (!right.isEmpty()) {
                PathElement name = right.remove();
                done.add(name);
                if (name.equals(shared.peek())) {
                    shared.remove();
                }
                merged.add(merge(one(old, name), one(wanted, name), shape.element()));
            }
        }
        return merged;
    }

    /** Whether a live element comes later, since the intent wants another one that is live before it. */
    private static boolean waits(PathElement head, Deque<PathElement> shared, Deque<PathElement> right) {
        return !right.isEmpty() && !shared.isEmpty() && !head.equals(shared.peek());
    }

    /** The element of a name; a live one of which there are several is replaced. */
    private static JsonNode one(Map<PathElement, List<JsonNode>> items, PathElement name) {
        List<JsonNode> found = items.getOrDefault(name, List.of());
        return found.size() == 1 ? found.getFirst() : JsonNodeFactory.instance.missingNode();
    }
}
