package io.jollyboat.api.patch;

import io.jollyboat.api.GoText;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.schema.Field;
import io.jollyboat.api.schema.Field.Strategic;
import io.jollyboat.api.schema.Type;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes' strategic merge patch: a merge patch that knows the schema, so that lists of named things merge by
 * name, and that can be told more by directives, keys that begin with {@code $}.
 *
 * <p>Worked example. Live: {@code containers: [{name: a, image: x}, {name: b, image: y}]}. Patch:
 *
 * <pre>
 * $setElementOrder/containers: [{name: c}, {name: a}]
 * containers: [{name: c, image: z}, {name: a, image: w}, {name: b, $patch: delete}]
 * </pre>
 *
 * The result: {@code [{name: c, image: z}, {name: a, image: w}]}.
 *
 * <p>Source of the rules: strategic-merge-patch.md of Kubernetes' sig-api-machinery, and what its server does.
 */
public final class StrategicPatch {
    static final String PATCH = "$patch";
    static final String RETAIN_KEYS = "$retainKeys";
    static final String ORDER = "$setElementOrder/";
    static final String DELETE_VALUES = "$deleteFromPrimitiveList/";

    private StrategicPatch() {}

    /**
     * The patched object; neither argument is changed.
     *
     * @throws StatusException 400 where the patch breaks a rule
     */
    public static ObjectNode apply(ObjectNode live, ObjectNode patch, Type.Struct type) {
        return map(live.deepCopy(), patch, type);
    }

    /**
     * A patch as Kubernetes' messages show it once it was applied: what directives order is used up, and they
     * themselves. @return the caller's own
     */
    public static ObjectNode remainder(ObjectNode patch) {
        ObjectNode left = JsonNodeFactory.instance.objectNode();
        patch.forEachEntry((key, value) -> {
            if (!isDirective(key) && !patch.has(ORDER + key)) {
                left.set(key, value instanceof ObjectNode inner ? remainder(inner) : value.deepCopy());
            }
        });
        return left;
    }

    /** Merges into {@code live}, which is changed; the result may be another node. */
    static ObjectNode map(ObjectNode live, ObjectNode patch, Type type) {
        JsonNode directive = patch.get(PATCH);
        if (directive != null) {
            switch (directive.asString("")) {
                case "replace" -> {
                    return withoutDirectives(patch);
                }
                case "delete" -> {
                    return JsonNodeFactory.instance.objectNode();
                }
                case "merge" -> {}
                default -> throw unknownDirective(patch);
            }
        }
        retainKeys(live, patch);
        Set<String> done = new HashSet<>();
        for (var entry : patch.properties()) {
            String key = entry.getKey();
            if (key.startsWith(DELETE_VALUES)) {
                ListMerge.deleteValues(live, key.substring(DELETE_VALUES.length()), entry.getValue());
            } else if (key.startsWith(ORDER)) {
                String name = key.substring(ORDER.length());
                order(live, patch, name, entry.getValue(), type);
                done.add(name);
            }
        }
        for (var entry : patch.properties()) {
            if (!isDirective(entry.getKey()) && !done.contains(entry.getKey())) {
                value(live, entry.getKey(), entry.getValue(), type);
            }
        }
        return live;
    }

    /** One key of the patch that is no directive. */
    private static void value(ObjectNode live, String name, JsonNode wanted, Type type) {
        JsonNode present = live.get(name);
        if (wanted.isNull()) {
            live.remove(name);
        } else if (present instanceof ObjectNode object && wanted instanceof ObjectNode patch) {
            boolean replace = rule(type, name).replaceMap();
            live.set(name, replace ? withoutDirectives(patch) : map(object, patch, inner(type, name)));
        } else if (present instanceof ArrayNode array && wanted instanceof ArrayNode patch) {
            live.set(name, ListMerge.of(rule(type, name), element(type, name)).merge(array, patch));
        } else if (wanted.has(PATCH)) {
            live.remove(name);
        } else {
            live.set(name, stripped(wanted));
        }
    }

    /** {@code $setElementOrder/name}: merges the list of that name, if the patch has it, then puts it in order. */
    private static void order(ObjectNode live, ObjectNode patch, String name, JsonNode order, Type type) {
        JsonNode present = live.path(name);
        JsonNode wanted = patch.path(name);
        if (!(order instanceof ArrayNode)) {
            throw StatusException.badRequest("invalid patch format of setElementOrder list");
        }
        if (!isListOrMissing(present) || !isListOrMissing(wanted)) {
            throw StatusException.badRequest("$setElementOrder/" + name + " is for a list");
        }
        if (present.isMissingNode() && wanted.isMissingNode()) {
            return;
        }
        ArrayNode before = present instanceof ArrayNode list ? list : JsonNodeFactory.instance.arrayNode();
        ListMerge merge = ListMerge.of(rule(type, name), element(type, name));
        live.set(name, merge.mergeInOrder(before, wanted, (ArrayNode) order));
    }

    private static boolean isListOrMissing(JsonNode value) {
        return value.isArray() || value.isMissingNode();
    }

    /** {@code $retainKeys}: drops what is not named; the patch itself may name nothing else. */
    private static void retainKeys(ObjectNode live, ObjectNode patch) {
        JsonNode names = patch.get(RETAIN_KEYS);
        if (names == null) {
            return;
        }
        Set<String> kept = new HashSet<>();
        names.forEach(name -> kept.add(name.asString("")));
        for (var entry : patch.properties()) {
            boolean allowed = entry.getValue().isNull() || isDirective(entry.getKey()) || kept.contains(entry.getKey());
            if (!names.isArray() || !allowed) {
                throw StatusException.badRequest("invalid patch format of retainKeys");
            }
        }
        live.retain(kept);
    }

    private static boolean isDirective(String key) {
        return key.equals(PATCH) || key.equals(RETAIN_KEYS) || key.startsWith(ORDER) || key.startsWith(DELETE_VALUES);
    }

    static StatusException unknownDirective(JsonNode map) {
        return StatusException.badRequest(
                "unknown patch type: " + map.path(PATCH).asString("") + " in map: " + GoText.of(map));
    }

    /** A copy of what comes new: without nulls, directives, and the objects that hold a {@code $patch}. */
    static JsonNode stripped(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return withoutDirectives(object);
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            for (JsonNode element : array) {
                if (!element.has(PATCH)) {
                    copy.add(stripped(element));
                }
            }
            return copy;
        }
        return value;
    }

    private static ObjectNode withoutDirectives(ObjectNode object) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.forEachEntry((key, inner) -> {
            if (!inner.isNull() && !isDirective(key) && !inner.has(PATCH)) {
                copy.set(key, stripped(inner));
            }
        });
        return copy;
    }

    private static Strategic rule(Type type, String name) {
        Field field = type instanceof Type.Struct struct ? struct.fields().get(name) : null;
        return field == null ? Strategic.PLAIN : field.strategic();
    }

    /** The type of what stands under a name; {@code ANY} where the schema does not know it. */
    private static Type inner(Type type, String name) {
        return switch (type) {
            case Type.Struct struct -> {
                Field field = struct.fields().get(name);
                yield field == null ? Type.Scalar.ANY : field.type();
            }
            case Type.MapOf map -> map.value();
            case Type.ListOf list -> Type.Scalar.ANY;
            case Type.Scalar scalar -> Type.Scalar.ANY;
        };
    }

    private static Type element(Type type, String name) {
        return inner(type, name) instanceof Type.ListOf list ? list.element() : Type.Scalar.ANY;
    }
}
