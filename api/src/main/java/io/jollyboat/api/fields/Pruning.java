package io.jollyboat.api.fields;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Takes out of an object what a manager owned and gave up, unless somebody else owns it. */
final class Pruning {
    private Pruning() {}

    /**
     * The object without what went.
     *
     * <p>Three steps. Everything goes that the manager owned, with all below it. Back comes what anybody owns now.
     * Back comes also what nobody owned, the manager neither: only its own paths may go.
     *
     * @param last what the manager owned
     * @param owned what all managers own now, this one's new set included
     */
    static JsonNode prune(JsonNode merged, Shape shape, FieldSet last, FieldSet owned) {
        FieldSet lastNamed = Ownership.withNamedFields(last, shape);
        FieldSet ownedNamed = Ownership.withNamedFields(owned, shape);
        if (lastNamed.difference(ownedNamed).isEmpty()) {
            return merged;
        }
        FieldSet all = paths(merged, shape);
        FieldSet kept = paths(without(merged, lastNamed, shape), shape);
        JsonNode back = without(merged, all.difference(kept.union(ownedNamed)), shape);
        FieldSet gone = all.difference(paths(back, shape)).intersection(lastNamed);
        return without(merged, gone, shape);
    }

    private static FieldSet paths(JsonNode object, Shape shape) {
        return Ownership.withNamedFields(Ownership.of(object, shape), shape);
    }

    /** The value without the paths and all below them; a map or list that loses its last part goes too. */
    private static JsonNode without(JsonNode value, FieldSet gone, Shape shape) {
        if (gone.children().isEmpty()) {
            return value;
        }
        if (shape.isGranularObject(value)) {
            return objectWithout(value, gone, shape);
        }
        return value.isArray() && shape.isAssociative() ? listWithout(value, gone, shape) : value;
    }

    private static ObjectNode objectWithout(JsonNode object, FieldSet gone, Shape shape) {
        ObjectNode left = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> part : object.properties()) {
            PathElement element = PathElement.field(part.getKey());
            FieldSet below = gone.below(element);
            if (!below.isMember()) {
                JsonNode rest = without(part.getValue(), below, shape.field(part.getKey()));
                if (below.isEmpty() || !rest.isEmpty() || rest.isValueNode()) {
                    left.set(part.getKey(), rest);
                }
            }
        }
        return left;
    }

    private static ArrayNode listWithout(JsonNode list, FieldSet gone, Shape shape) {
        ArrayNode left = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            FieldSet below = shape.name(item).map(gone::below).orElse(FieldSet.EMPTY);
            if (!below.isMember()) {
                left.add(without(item, below, shape.element()));
            }
        }
        return left;
    }
}
