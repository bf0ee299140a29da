package io.jollyboat.api.kinds;

import io.jollyboat.api.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server fills in where an object is silent: the table {@code defaults.txt}, and a named rule where a value
 * depends on others.
 */
public final class Defaults {
    /** A row: at each place that {@code parent} leads to and where {@code when} holds, {@code action} runs. */
    private record Rule(Path parent, Condition when, Consumer<ObjectNode> action) {
        void apply(ObjectNode object) {
            parent.eachObject(object, "", (at, holder) -> {
                if (when.holds(holder)) {
                    action.accept(holder);
                }
            });
        }
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, List<Rule>> AT_DECODING = read("defaults.txt");
    private static final Map<String, List<Rule>> AT_CREATION = read("creation.txt");

    private Defaults() {}

    /**
     * Fills in what a decoded body leaves out, in place. Doing it twice is the same as once.
     *
     * <p>Source: the defaulting functions of Kubernetes 1.35, section by section in {@code defaults.txt}.
     */
    public static void apply(Resource resource, ObjectNode object) {
        apply(AT_DECODING, Parts.subject(resource), object);
    }

    /**
     * Fills in what only a new object gets, in place: call it after name and uid are known and the status that the
     * client sent is gone. A Job's selector and labels, a Namespace's finalizer, a Pod's phase and QoS class.
     *
     * <p>Source: the strategies' preparation of Kubernetes 1.35, section by section in {@code creation.txt}.
     */
    public static void begin(Resource resource, ObjectNode object) {
        apply(AT_CREATION, Parts.subject(resource), object);
    }

    /** The whole first, then its parts: some rules copy from a part as the client wrote it. */
    private static void apply(Map<String, List<Rule>> rules, String subject, ObjectNode object) {
        rules.getOrDefault(subject, List.of()).forEach(rule -> rule.apply(object));
        for (Parts.Place place : Parts.in(subject)) {
            place.path().eachObject(object, "", (at, part) -> apply(rules, place.part(), part));
        }
    }

    private static Map<String, List<Rule>> read(String file) {
        Map<String, List<Rule>> rules = new HashMap<>();
        TextTable.sections(Defaults.class, file)
                .forEach((subject, rows) ->
                        rules.put(subject, rows.stream().map(Defaults::rule).toList()));
        return rules;
    }

    /** Reads {@code path  value  [condition]}. */
    private static Rule rule(List<String> row) {
        Path path = Path.of(row.get(0));
        String value = row.get(1);
        Condition when = row.size() > 2 ? Condition.of(row.get(2)) : Condition.ALWAYS;
        if (value.startsWith("!")) {
            return new Rule(path, when, DefaultRules.named(value.substring(1)));
        }
        String field = path.leaf();
        if (value.equals("none")) {
            return new Rule(path.parent(), when, holder -> holder.remove(field));
        }
        boolean alsoZero = value.startsWith("~");
        JsonNode filling = json(alsoZero ? value.substring(1) : value);
        return new Rule(path.parent(), when, holder -> fill(holder, field, filling, alsoZero));
    }

    private static void fill(ObjectNode holder, String field, JsonNode filling, boolean alsoZero) {
        JsonNode present = holder.path(field);
        boolean unset = filling.isContainer() && !filling.isEmpty()
                ? Condition.isUnset(present)
                : present.isMissingNode() || present.isNull();
        if (unset || alsoZero && isZero(present)) {
            holder.set(field, filling.deepCopy());
        }
    }

    private static boolean isZero(JsonNode value) {
        return value.isNumber() && value.asLong() == 0
                || value.isString() && value.asString().isEmpty();
    }

    /** JSON where it looks like it, else a plain string. */
    private static JsonNode json(String text) {
        char first = text.charAt(0);
        boolean literal = "{[\"-0123456789".indexOf(first) >= 0 && !text.endsWith("%")
                || text.equals("true")
                || text.equals("false");
        return literal ? JSON.readTree(text) : JSON.getNodeFactory().stringNode(text);
    }
}
