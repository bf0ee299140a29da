package io.jollyboat.api.fields;

import io.jollyboat.api.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * How two versions of an object differ, path by path. What appears counts itself and everything in it; what is
 * compared whole counts only itself.
 */
final class Comparison {
    private static final JsonNode ABSENT = MissingNode.getInstance();

    private final FieldSet removed = new FieldSet();
    private final FieldSet modified = new FieldSet();
    private final FieldSet added = new FieldSet();
    private final List<PathElement> path = new ArrayList<>();
    private boolean typed = true;

    private Comparison() {}

    /**
     * The three sets, without what is in {@code reset} or below it.
     *
     * @param typed false where an element of a list has no name by which it could be owned
     */
    record Result(FieldSet removed, FieldSet modified, FieldSet added, boolean typed) {
        boolean isSame() {
            return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
        }

        FieldSet changed() {
            return modified.union(added);
        }
    }

    static Result of(JsonNode before, JsonNode after, Shape shape, FieldSet reset) {
        Comparison comparison = new Comparison();
        comparison.compare(before, after, shape);
        return new Result(
                comparison.removed.without(reset),
                comparison.modified.without(reset),
                comparison.added.without(reset),
                comparison.typed);
    }

    private void compare(JsonNode before, JsonNode after, Shape shape) {
        boolean appears = before.isMissingNode();
        boolean vanishes = after.isMissingNode();
        if (!appears && !vanishes && Trees.equal(before, after)) {
            return;
        }
        if (appears) {
            added.add(path);
        } else if (vanishes) {
            removed.add(path);
        }
        boolean sameParts = compareParts(before, after, shape);
        if (!sameParts && !appears && !vanishes) {
            modified.add(path);
            // perhaps of another kind than before: what was inside goes, what is inside comes
            compareParts(before, ABSENT, shape);
            compareParts(ABSENT, after, shape);
        }
    }

    /** Compares part by part if both sides have parts of one kind, or one has and the other is missing. */
    private boolean compareParts(JsonNode before, JsonNode after, Shape shape) {
        if (couldBe(before, shape.isGranularObject(before)) && couldBe(after, shape.isGranularObject(after))) {
            compareObjects(before, after, shape);
            return true;
        }
        Optional<Map<PathElement, List<JsonNode>>> old = items(before, shape);
        Optional<Map<PathElement, List<JsonNode>>> now = old.isEmpty() ? old : items(after, shape);
        now.ifPresent(items -> compareLists(old.orElseThrow(), items, shape.element()));
        return now.isPresent();
    }

    private static boolean couldBe(JsonNode value, boolean granular) {
        return granular || value.isMissingNode();
    }

    private Optional<Map<PathElement, List<JsonNode>>> items(JsonNode list, Shape shape) {
        if (list.isMissingNode()) {
            return Optional.of(Map.of());
        }
        Optional<Map<PathElement, List<JsonNode>>> items = shape.items(list);
        typed &= items.isPresent() || !list.isArray() || !shape.isAssociative();
        return items;
    }

    private void compareObjects(JsonNode before, JsonNode after, Shape shape) {
        for (String name : before.propertyNames()) {
            compareField(before, after, name, shape);
        }
        for (String name : after.propertyNames()) {
            if (!before.has(name)) {
                compareField(before, after, name, shape);
            }
        }
        for (String name : shape.emptyParts()) {
            if (!before.has(name) && !after.has(name)) {
                compareField(before, after, name, shape);
            }
        }
    }

    private void compareField(JsonNode before, JsonNode after, String name, Shape shape) {
        step(PathElement.field(name), shape.part(before, name), shape.part(after, name), shape.field(name));
    }

    private void step(PathElement element, JsonNode before, JsonNode after, Shape shape) {
        path.add(element);
        compare(before, after, shape);
        path.removeLast();
    }

    private void compareLists(Map<PathElement, List<JsonNode>> old, Map<PathElement, List<JsonNode>> now, Shape shape) {
        old.forEach((name, items) -> compareItems(name, items, now.getOrDefault(name, List.of()), shape));
        now.forEach((name, items) -> {
            if (!old.containsKey(name)) {
                compareItems(name, List.of(), items, shape);
            }
        });
    }

    /** Usually one or none on each side; several elements of one name are taken together as one value. */
    private void compareItems(PathElement name, List<JsonNode> old, List<JsonNode> now, Shape shape) {
        if (old.size() <= 1 && now.size() <= 1) {
            step(name, old.isEmpty() ? ABSENT : old.getFirst(), now.isEmpty() ? ABSENT : now.getFirst(), shape);
            return;
        }
        path.add(name);
        if (old.size() > 1 && now.size() > 1) {
            if (!sameItems(old, now)) {
                modified.add(path);
            }
        } else if (old.size() > 1) {
            if (!now.isEmpty()) {
                compare(ABSENT, now.getFirst(), shape);
            }
            removed.add(path);
        } else {
            if (!old.isEmpty()) {
                compare(old.getFirst(), ABSENT, shape);
            }
            added.add(path);
        }
        path.removeLast();
    }

    private static boolean sameItems(List<JsonNode> old, List<JsonNode> now) {
        if (old.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < old.size(); i++) {
            if (!Trees.equal(old.get(i), now.get(i))) {
                return false;
            }
        }
        return true;
    }
}
