package io.jollyboat.server.validation;

import io.jollyboat.api.kinds.TextTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parts of objects as messages show them whole, with every field and Go's names: the tables {@code internal.txt} and
 * {@code internal-core.txt}.
 */
final class Internal {
    /** The part's word for a map of texts or amounts, which Go shows in the order of its keys. */
    private static final String MAP = "{}";

    /** Leads from a part to what holds it. */
    private static final String OUTSIDE = "../";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A field: what it is called in the object, what it is where the object is silent (nothing: it is left out), and ""
     * or what part it is.
     */
    private record Field(String name, Optional<JsonNode> silent, String from, String part) {
        JsonNode of(JsonNode value, JsonNode holder) {
            boolean outside = from.startsWith(OUTSIDE);
            JsonNode found = outside ? holder : value;
            for (String step : (outside ? from.substring(OUTSIDE.length()) : from).split("\\.")) {
                found = found.path(step);
            }
            return found;
        }
    }

    private static final Map<String, List<Field>> PARTS = read();

    private Internal() {}

    /** A part, or a list of such parts, in its internal form; anything else stays as it is. */
    static JsonNode form(String part, JsonNode value) {
        return form(part, value, MissingNode.getInstance());
    }

    private static JsonNode form(String part, JsonNode value, JsonNode holder) {
        if (value.isArray()) {
            ArrayNode all = NODES.arrayNode();
            value.forEach(each -> all.add(form(part, each, holder)));
            return all;
        }
        if (!value.isObject()) {
            return value;
        }
        if (part.equals(MAP)) {
            ObjectNode sorted = NODES.objectNode();
            new TreeSet<>(value.propertyNames()).forEach(key -> sorted.set(key, value.path(key)));
            return sorted;
        }
        if (!PARTS.containsKey(part)) {
            return value;
        }
        ObjectNode form = NODES.objectNode();
        for (Field field : PARTS.getOrDefault(part, List.of())) {
            JsonNode given = field.of(value, holder);
            Optional<JsonNode> shown = given.isMissingNode() || given.isNull() ? field.silent() : Optional.of(given);
            shown.ifPresent(each -> form.set(field.name(), form(field.part(), each, value)));
        }
        return form;
    }

    private static Map<String, List<Field>> read() {
        Map<String, List<Field>> parts = new HashMap<>();
        for (String table : List.of("internal.txt", "internal-core.txt")) {
            TextTable.sections(Internal.class, table)
                    .forEach((part, rows) ->
                            parts.put(part, rows.stream().map(Internal::field).toList()));
        }
        return Map.copyOf(parts);
    }

    private static Field field(List<String> row) {
        String name = row.getFirst();
        boolean renamed = row.size() > 2 && !row.get(2).equals(".");
        String from = renamed ? row.get(2) : Character.toLowerCase(name.charAt(0)) + name.substring(1);
        Optional<JsonNode> silent = row.get(1).equals("-") ? Optional.empty() : Optional.of(JSON.readTree(row.get(1)));
        return new Field(name, silent, from, row.size() > 3 ? row.get(3) : "");
    }
}
