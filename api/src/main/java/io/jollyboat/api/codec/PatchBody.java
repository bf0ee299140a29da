package io.jollyboat.api.codec;

import io.jollyboat.api.GoText;
import io.jollyboat.api.StatusException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the bodies of patches. Each of the four types has words of its own for what cannot be read, and some of them
 * depend on the strictness.
 */
public final class PatchBody {
    private static final String DECODING = "error decoding patch: ";
    private static final String CONVERTING = "error converting YAML to JSON: ";
    private static final String CANNOT = "json: cannot unmarshal ";
    private static final String INTO_MAP = " into Go value of type map[string]interface {}";
    private static final Set<String> OPERATION = Set.of("op", "path", "from", "value");

    private PatchBody() {}

    /**
     * The operations of a JSON patch.
     *
     * @param problems what strictness finds in them
     */
    public record Operations(JsonNode operations, List<String> problems) {
        public Operations {
            problems = List.copyOf(problems);
        }
    }

    /**
     * A JSON patch; null is one without operations.
     *
     * @param strict whether unknown and repeated fields matter
     * @throws StatusException BadRequest
     */
    public static Operations operations(byte[] body, boolean strict) {
        String before = strict ? DECODING : "";
        JsonBody.Parsed parsed = json(body, before);
        JsonNode tree = parsed.tree();
        if (tree.isNull()) {
            return new Operations(JsonNodeFactory.instance.arrayNode(), List.of());
        }
        if (!tree.isArray()) {
            throw cannot(
                    before, tree, " into Go value of type " + (strict ? "[]handlers.jsonPatchOp" : "jsonpatch.Patch"));
        }
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < tree.size(); i++) {
            operation(tree.get(i), "[" + i + "].", strict, problems);
        }
        parsed.duplicates().stream()
                .filter(twice -> !problems.contains(twice.replaceFirst("^duplicate", "unknown")))
                .forEach(problems::add);
        List<String> told =
                problems.stream().map(problem -> "json patch " + problem).toList();
        return new Operations(tree, strict ? told : List.of());
    }

    private static void operation(JsonNode operation, String path, boolean strict, List<String> problems) {
        String before = strict ? DECODING : "";
        if (!operation.isObject()) {
            String type = strict ? "handlers.jsonPatchOp" : "jsonpatch.Operation";
            throw cannot(before, operation, " into Go value of type " + type);
        }
        for (String field : List.of("op", "path", "from")) {
            JsonNode value = operation.path(field);
            if (strict && !value.isString() && !value.isNull() && !value.isMissingNode()) {
                throw cannot(before, value, " into Go struct field jsonPatchOp." + field + " of type string");
            }
        }
        for (String name : operation.propertyNames()) {
            if (!OPERATION.contains(name)) {
                problems.add("unknown field " + GoText.quoted(path + name));
            }
        }
    }

    /**
     * A merge patch.
     *
     * @param strict whether repeated fields matter
     * @throws StatusException BadRequest
     */
    public static Decoded merge(byte[] body, boolean strict) {
        try {
            JsonBody.Parsed parsed = json(body, DECODING);
            if (parsed.tree().isNull()) {
                throw StatusException.badRequest("Invalid JSON Patch");
            }
            return map(parsed, DECODING);
        } catch (StatusException e) {
            throw strict ? e : StatusException.badRequest("Invalid JSON Patch");
        }
    }

    /** A strategic merge patch; null changes nothing. @throws StatusException BadRequest */
    public static Decoded strategic(byte[] body) {
        return map(json(body, ""), "");
    }

    /** What shall be applied, as YAML or JSON; an empty text is an empty object. @throws StatusException BadRequest */
    public static Decoded intent(byte[] body) {
        try {
            JsonBody.Parsed parsed = YamlBody.parse(new String(body, StandardCharsets.UTF_8));
            List<String> repeated =
                    parsed.duplicates().stream().map(text -> CONVERTING + text).toList();
            return map(
                    new JsonBody.Parsed(parsed.tree(), repeated),
                    "error decoding YAML: error unmarshaling JSON: while decoding JSON: ");
        } catch (SyntaxException e) {
            throw StatusException.badRequest("error decoding YAML: " + CONVERTING + e.detail());
        }
    }

    private static JsonBody.Parsed json(byte[] body, String before) {
        try {
            return JsonBody.parse(body);
        } catch (SyntaxException e) {
            throw StatusException.badRequest(before + e.detail());
        }
    }

    private static Decoded map(JsonBody.Parsed parsed, String before) {
        if (parsed.tree().isNull()) {
            return new Decoded(JsonNodeFactory.instance.objectNode(), List.of());
        }
        if (parsed.tree() instanceof ObjectNode object) {
            return new Decoded(object, parsed.duplicates());
        }
        throw cannot(before, parsed.tree(), INTO_MAP);
    }

    private static StatusException cannot(String before, JsonNode value, String into) {
        return StatusException.badRequest(before + CANNOT + JsonBody.nameOf(value) + into);
    }
}
