package io.jollyboat.api.schema;

import io.jollyboat.api.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the fields of a patched object into the order in which Kubernetes' messages show it: by name where the patch
 * was at work, as the types declare them elsewhere, and as it came for what is new.
 */
public final class GoOrder {
    private GoOrder() {}

    /** @return the caller's own, with the same content as {@code after} */
    public static ObjectNode of(ObjectNode after, ObjectNode before, Type.Struct type) {
        return (ObjectNode) ordered(after, before, type);
    }

    private static JsonNode ordered(JsonNode after, JsonNode before, Type type) {
        if (after instanceof ObjectNode object && before.isObject()) {
            ObjectNode ordered = JsonNodeFactory.instance.objectNode();
            for (String name : names(object, Trees.equal(after, before), type)) {
                ordered.set(name, ordered(object.required(name), before.path(name), inner(type, name)));
            }
            return ordered;
        }
        if (after instanceof ArrayNode array && before.isArray()) {
            ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
            Type element = type instanceof Type.ListOf list ? list.element() : Type.Scalar.ANY;
            for (int i = 0; i < array.size(); i++) {
                ordered.add(ordered(array.required(i), before.path(i), element));
            }
            return ordered;
        }
        return after.deepCopy();
    }

    private static List<String> names(ObjectNode object, boolean untouched, Type type) {
        if (untouched && type instanceof Type.Struct struct) {
            List<String> names = new ArrayList<>(struct.fields().keySet());
            names.retainAll(object.propertyNames());
            object.propertyNames().stream()
                    .filter(name -> !struct.fields().containsKey(name))
                    .forEach(names::add);
            return names;
        }
        return List.copyOf(new TreeSet<>(object.propertyNames()));
    }

    private static Type inner(Type type, String name) {
        return switch (type) {
            case Type.Struct struct
            when struct.fields().containsKey(name) -> struct.fields().get(name).type();
            case Type.MapOf map -> map.value();
            case Type.Struct _, Type.ListOf _, Type.Scalar _ -> Type.Scalar.ANY;
        };
    }
}
