package io.jollyboat.api.fields;

import io.jollyboat.api.schema.Completion;
import io.jollyboat.api.schema.Field;
import io.jollyboat.api.schema.Field.Apply;
import io.jollyboat.api.schema.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What server-side apply knows of a place: whether its value is owned whole, and else what its parts are.
 *
 * @param keys of a list whose elements are found by key, in the order of their names
 */
record Shape(Type type, Apply apply, List<String> keys) {
    Shape {
        keys = keys.size() < 2 ? keys : keys.stream().sorted().toList();
    }

    /** Of what no schema knows: objects have parts, lists are owned whole. */
    static final Shape DEDUCED = new Shape(Type.Scalar.ANY, Apply.GRANULAR, List.of());

    /** The shape of a whole object. */
    static Shape of(Optional<Type.Struct> type) {
        return type.map(struct -> new Shape(struct, Apply.GRANULAR, List.of())).orElse(DEDUCED);
    }

    /** The shape of a value that has no {@link Field} of its own: an element of a list or the value of a map. */
    private static Shape ofPart(Type type) {
        boolean atomic = type instanceof Type.ListOf || type instanceof Type.Struct struct && struct.atomic();
        return new Shape(type, atomic || type == Type.Scalar.ANY ? Apply.ATOMIC : Apply.GRANULAR, List.of());
    }

    /** The shape under a name. */
    Shape field(String name) {
        return switch (type) {
            case Type.Struct struct -> {
                Field field = struct.fields().get(name);
                yield field == null ? DEDUCED : new Shape(field.type(), field.apply(), field.applyKeys());
            }
            case Type.MapOf map -> ofPart(map.value());
            case Type.ListOf list -> DEDUCED;
            case Type.Scalar scalar -> DEDUCED;
        };
    }

    Shape element() {
        return type instanceof Type.ListOf list ? ofPart(list.element()) : DEDUCED;
    }

    Shape below(PathElement element) {
        return element.isField() ? field(element.content()) : element();
    }

    /** Whether a name is a field of a struct, not the key of a map. */
    boolean declares(String name) {
        return type instanceof Type.Struct struct && struct.fields().containsKey(name);
    }

    /** Whether a value is an object whose parts are owned one by one. */
    boolean isGranularObject(JsonNode value) {
        return value.isObject() && apply == Apply.GRANULAR;
    }

    boolean isAssociative() {
        return type instanceof Type.ListOf && (apply == Apply.MAP || apply == Apply.SET);
    }

    /** A part of an object; a zero one where Go always writes it; missing where the object itself is. */
    JsonNode part(JsonNode object, String name) {
        JsonNode part = object.path(name);
        boolean always = type instanceof Type.Struct struct
                && object.isObject()
                && struct.alwaysWritten().contains(name);
        if (!always || !part.isMissingNode() && !part.isNull()) {
            return part;
        }
        Shape shape = field(name);
        boolean parts = shape.apply() != Apply.ATOMIC;
        return switch (shape.type()) {
            case Type.ListOf _ when parts -> JsonNodeFactory.instance.arrayNode();
            case Type.MapOf _ when parts -> JsonNodeFactory.instance.objectNode();
            case Type zero -> Completion.zero(zero);
        };
    }

    /** The parts that are there, empty, where an object says nothing of them. */
    List<String> emptyParts() {
        return type instanceof Type.Struct struct
                ? struct.alwaysWritten().stream()
                        .filter(name -> !(field(name).type() instanceof Type.Scalar))
                        .toList()
                : List.of();
    }

    /**
     * The elements by name of a list whose elements are owned one by one; empty where the value is no such list, or
     * where an element has no name. More than one is under a name where a list that nobody checked has duplicates.
     */
    Optional<Map<PathElement, List<JsonNode>>> items(JsonNode list) {
        if (!list.isArray() || !isAssociative()) {
            return Optional.empty();
        }
        Map<PathElement, List<JsonNode>> items = LinkedHashMap.newLinkedHashMap(list.size());
        for (JsonNode item : list) {
            Optional<PathElement> name = name(item);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            List<JsonNode> first = items.putIfAbsent(name.get(), List.of(item));
            if (first != null) {
                List<JsonNode> more = new ArrayList<>(first);
                more.add(item);
                items.put(name.get(), more);
            }
        }
        return Optional.of(items);
    }

    /** What an element is called: by its keys, with their default values, or in a set by itself. */
    Optional<PathElement> name(JsonNode item) {
        if (apply == Apply.SET) {
            boolean scalar = item.isValueNode() && !item.isNull();
            return scalar ? Optional.of(PathElement.value(item)) : Optional.empty();
        }
        if (!item.isObject()
                || keys.stream().allMatch(key -> keyValue(item, key).isMissingNode())) {
            return Optional.empty();
        }
        return Optional.of(PathElement.key(keys, key -> keyValue(item, key)));
    }

    private JsonNode keyValue(JsonNode item, String key) {
        JsonNode value = item.path(key);
        return value.isMissingNode() ? keyDefault(key).orElse(value) : value;
    }

    private Optional<JsonNode> keyDefault(String key) {
        return type instanceof Type.ListOf list && list.element() instanceof Type.Struct struct
                ? Optional.ofNullable(struct.fields().get(key))
                        .flatMap(field -> field.defaultValue().or(() -> zero(field)))
                : Optional.empty();
    }

    /** What Go always writes defaults to its zero. */
    private static Optional<JsonNode> zero(Field field) {
        return !field.always()
                ? Optional.empty()
                : switch (field.type()) {
                    case Type.Scalar.STRING -> Optional.of(JsonNodeFactory.instance.stringNode(""));
                    case Type.Scalar.INT32, Type.Scalar.INT64 -> Optional.of(JsonNodeFactory.instance.numberNode(0));
                    case Type.Scalar _, Type.Struct _, Type.ListOf _, Type.MapOf _ -> Optional.empty();
                };
    }
}
