package io.jollyboat.server.validation;

import io.jollyboat.api.kinds.TextTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Parts of objects as messages show them whole, with every field and Go's names: the table {@code internal.txt}. */
final class Internal {
    /** A field: what it is called in the object, what it is where the object is silent, and "" or what part it is. */
    private record Field(String name, JsonNode silent, String from, String part) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, List<Field>> PARTS =
            TextTable.sections(Internal.class, "internal.txt").entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey,
                            part -> part.getValue().stream()
                                    .map(Internal::field)
                                    .toList()));

    private Internal() {}

    /** A part, or a list of such parts, in its internal form; anything else stays as it is. */
    static JsonNode form(String part, JsonNode value) {
        if (value.isArray()) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            value.forEach(each -> all.add(form(part, each)));
            return all;
        }
        if (!value.isObject() || !PARTS.containsKey(part)) {
            return value;
        }
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        for (Field field : PARTS.getOrDefault(part, List.of())) {
            JsonNode given = value.path(field.from());
            form.set(
                    field.name(), given.isMissingNode() || given.isNull() ? field.silent() : form(field.part(), given));
        }
        return form;
    }

    private static Field field(List<String> row) {
        String name = row.getFirst();
        String from = row.size() > 2 ? row.get(2) : Character.toLowerCase(name.charAt(0)) + name.substring(1);
        return new Field(name, JSON.readTree(row.get(1)), from, row.size() > 3 ? row.get(3) : "");
    }
}
