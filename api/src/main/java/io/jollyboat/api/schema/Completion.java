package io.jollyboat.api.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adds what Go writes of an object although nobody set it: {@code status: {}}, {@code ports: null}, {@code count: 0}.
 * Which fields these are, the schema knows: {@link Field#always}.
 */
public final class Completion {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Completion() {}

    /** Completes an object and all its parts in place; doing it twice is the same as once. */
    public static void complete(ObjectNode object, Type.Struct type) {
        each(object, type, Completion::fill);
    }

    /** Makes null of empty lists and maps that are written nevertheless: storing an object does so. */
    public static void forget(ObjectNode object, Type.Struct type) {
        each(object, type, Completion::nullEmpty);
    }

    /** What stands in a field that is written though nobody set it; of a plain value that Go holds by pointer it writes null. */
    public static JsonNode zero(Field field) {
        return field.pointer() && field.type() instanceof Type.Scalar ? JSON.nullNode() : zero(field.type());
    }

    /** What a value is that nobody set. */
    public static JsonNode zero(Type type) {
        return switch (type) {
            case Type.Scalar scalar ->
                switch (scalar) {
                    case STRING -> JSON.stringNode("");
                    case INT32, INT64, INT_OR_STRING -> JSON.numberNode(0);
                    case DOUBLE -> JSON.numberNode(0.0);
                    case BOOLEAN -> JSON.booleanNode(false);
                    case QUANTITY -> JSON.stringNode("0");
                    case DURATION -> JSON.stringNode("0s");
                    case BYTES, TIME, MICRO_TIME, ANY -> JSON.nullNode();
                };
            case Type.Struct struct -> JSON.objectNode();
            case Type.ListOf list -> JSON.nullNode();
            case Type.MapOf map -> JSON.nullNode();
        };
    }

    private static void each(JsonNode value, Type type, BiConsumer<ObjectNode, Type.Struct> action) {
        switch (type) {
            case Type.Struct struct
            when value instanceof ObjectNode object -> {
                action.accept(object, struct);
                object.properties().forEach(property -> {
                    Field field = struct.fields().get(property.getKey());
                    if (field != null) {
                        each(property.getValue(), field.type(), action);
                    }
                });
            }
            case Type.ListOf list
            when value.isArray() && !(list.element() instanceof Type.Scalar) ->
                value.forEach(element -> each(element, list.element(), action));
            case Type.MapOf map
            when value.isObject() && !(map.value() instanceof Type.Scalar) ->
                value.forEach(element -> each(element, map.value(), action));
            case Type.Struct _, Type.ListOf _, Type.MapOf _, Type.Scalar _ -> {}
        }
    }

    private static void nullEmpty(ObjectNode object, Type.Struct type) {
        for (String name : type.alwaysWritten()) {
            JsonNode value = object.path(name);
            Type of = Objects.requireNonNull(type.fields().get(name)).type();
            boolean nothing = of instanceof Type.ListOf || of instanceof Type.MapOf;
            if (nothing && value.isContainer() && value.isEmpty()) {
                object.putNull(name);
            }
        }
    }

    /** All fields then stand in Go's order. */
    private static void fill(ObjectNode object, Type.Struct type) {
        if (object.propertyNames().containsAll(type.alwaysWritten())) {
            return;
        }
        Map<String, JsonNode> present = new LinkedHashMap<>();
        object.properties().forEach(property -> present.put(property.getKey(), property.getValue()));
        object.removeAll();
        type.fields().forEach((name, field) -> {
            JsonNode value = present.remove(name);
            if (value != null) {
                object.set(name, value);
            } else if (type.alwaysWritten().contains(name)) {
                object.set(name, zero(field));
            }
        });
        present.forEach(object::set);
    }
}
