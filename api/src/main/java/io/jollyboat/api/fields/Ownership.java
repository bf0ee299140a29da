package io.jollyboat.api.fields;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The paths that whoever applies an object owns. */
final class Ownership {
    private Ownership() {}

    /**
     * Each scalar and each atomic list or map is a member, each element of a list, each key of a map, and what is null
     * or an empty object. A struct is none itself: its fields are.
     */
    static FieldSet of(JsonNode object, Shape shape) {
        FieldSet set = new FieldSet();
        walk(object, shape, set);
        return set.pruned();
    }

    private static void walk(JsonNode value, Shape shape, FieldSet at) {
        if (shape.isGranularObject(value)) {
            value.forEachEntry((name, part) -> {
                FieldSet child = at.child(PathElement.field(name));
                walk(part, shape.field(name), child);
                if (part.isNull() || part.isObject() && part.isEmpty() || !shape.declares(name)) {
                    child.add();
                }
            });
            return;
        }
        Optional<Map<PathElement, List<JsonNode>>> items = shape.items(value);
        items.ifPresentOrElse(
                named -> named.forEach((name, same) -> walkItem(same, shape.element(), at.child(name))), at::add);
    }

    /** An element; where several have one name, only the name is owned. */
    private static void walkItem(List<JsonNode> same, Shape shape, FieldSet at) {
        if (same.size() == 1) {
            walk(same.getFirst(), shape, at);
        }
        at.add();
    }

    /** The same set with each struct's field that has members below it; keys of maps and elements stay as they are. */
    static FieldSet withNamedFields(FieldSet set, Shape shape) {
        FieldSet all = new FieldSet();
        copy(set, shape, all);
        return all;
    }

    private static void copy(FieldSet from, Shape shape, FieldSet to) {
        from.children().forEach((element, below) -> {
            FieldSet child = to.child(element);
            boolean named = element.isField() && shape.declares(element.content());
            if (below.isMember() || named) {
                child.add();
            }
            copy(below, shape.below(element), child);
        });
    }
}
