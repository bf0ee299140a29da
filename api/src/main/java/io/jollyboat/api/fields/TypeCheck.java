package io.jollyboat.api.fields;

import io.jollyboat.api.GoText;
import io.jollyboat.api.schema.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Checks that an intent can be typed: it has no unknown field, no wrong type, and no element twice. */
final class TypeCheck {
    private final List<String> wrong = new ArrayList<>();
    private final List<PathElement> path = new ArrayList<>();

    private TypeCheck() {}

    /** What is wrong, in the words of Kubernetes' merge library; empty when nothing is. */
    static Optional<String> check(JsonNode intent, Shape shape) {
        TypeCheck check = new TypeCheck();
        check.value(intent, shape);
        if (check.wrong.size() < 2) {
            return check.wrong.stream().findFirst();
        }
        return Optional.of(check.wrong.stream().collect(Collectors.joining("\n  ", "errors:\n  ", "")));
    }

    private void value(JsonNode value, Shape shape) {
        if (value.isNull()) {
            return;
        }
        switch (shape.type()) {
            case Type.Struct struct -> object(value, shape);
            case Type.MapOf map -> object(value, shape);
            case Type.ListOf list -> list(value, shape);
            case Type.Scalar scalar -> scalar(value, scalar);
        }
    }

    private void object(JsonNode value, Shape shape) {
        if (!value.isObject()) {
            wrong("expected map, got &{" + GoText.of(value) + "}");
            return;
        }
        value.forEachEntry((name, part) -> {
            path.add(PathElement.field(name));
            if (shape.type() instanceof Type.Struct && !shape.declares(name)) {
                wrong("field not declared in schema");
            } else {
                value(part, shape.field(name));
            }
            path.removeLast();
        });
    }

    private void list(JsonNode value, Shape shape) {
        if (!value.isArray()) {
            wrong("expected list, got &{" + GoText.of(value) + "}");
            return;
        }
        Set<PathElement> seen = new HashSet<>();
        int index = 0;
        for (JsonNode item : value) {
            Optional<PathElement> name =
                    shape.isAssociative() ? shape.name(item) : Optional.of(new PathElement("i:" + index));
            if (name.isEmpty()) {
                wrong("element " + index + ": " + nameless(item, shape));
                return;
            }
            if (!seen.add(name.get())) {
                wrong("duplicate entries for key " + name.get().text());
            }
            path.add(name.get());
            value(item, shape.element());
            path.removeLast();
            index++;
        }
    }

    private static String nameless(JsonNode item, Shape shape) {
        if (shape.keys().isEmpty()) {
            return item.isNull()
                    ? "associative list without keys has an element that's an explicit null"
                    : "associative list without keys has an element that's a map type";
        }
        if (!item.isObject()) {
            return "associative list with keys may not have " + (item.isNull() ? "a null element" : "non-map elements");
        }
        String keys = shape.keys().stream().map(key -> "\"" + key + "\"").collect(Collectors.joining(" ", "[", "]"));
        return "associative list with keys has an element that omits all key fields " + keys
                + " (and doesn't have default values for any key fields)";
    }

    private void scalar(JsonNode value, Type.Scalar scalar) {
        switch (scalar) {
            case STRING, BYTES, TIME, MICRO_TIME, DURATION -> {
                if (!value.isString()) {
                    wrong("expected string, got &value.valueUnstructured{Value:" + value + "}");
                }
            }
            case INT32, INT64, DOUBLE -> {
                if (!value.isNumber()) {
                    wrong("expected numeric (int or float), got " + goType(value));
                }
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    wrong("expected boolean, got &{" + GoText.of(value) + "}");
                }
            }
            case QUANTITY, INT_OR_STRING -> {
                if (!value.isValueNode()) {
                    wrong("expected any scalar, got &{" + GoText.of(value) + "}");
                }
            }
            case ANY -> {}
        }
    }

    private static String goType(JsonNode value) {
        if (value.isString()) {
            return "string";
        }
        if (value.isBoolean()) {
            return "bool";
        }
        return value.isArray() ? "[]interface {}" : "map[string]interface {}";
    }

    private void wrong(String what) {
        String place = path.stream().map(PathElement::text).collect(Collectors.joining());
        wrong.add(place.isEmpty() ? what : place + ": " + what);
    }
}
