package io.jollyboat.server;

import io.jollyboat.api.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Divides an object between those who write it: users what they want, controllers what is. The table
 * {@code divisions.txt} says which parts a request may change; what it says of others is not heard.
 */
final class Division implements Step {
    private static final String STATUS = "status";
    private static final Map<String, Rule> RULES = read();

    /** @param kept whether the parts stay and all else may change, or the other way round */
    private record Rule(boolean kept, List<List<String>> parts) {}

    @Override
    public void take(Write write) {
        if (write.before().isPresent()) {
            rule(write.resource(), write.target().subresource())
                    .ifPresent(rule -> divide(rule, write.before().get(), write.after()));
        } else if (write.resource().has(STATUS) && !Traits.has(write.resource(), Trait.KEEPS_STATUS)) {
            write.after().remove(STATUS);
        }
    }

    private static void divide(Rule rule, ObjectNode before, ObjectNode after) {
        if (rule.kept()) {
            rule.parts().forEach(part -> copy(before, after, part));
            return;
        }
        ObjectNode divided = before.deepCopy();
        rule.parts().forEach(part -> copy(after, divided, part));
        JsonNode version = after.path("metadata").path("resourceVersion");
        after.removeAll();
        after.setAll(divided);
        if (version.isString()) {
            ((ObjectNode) after.required("metadata")).set("resourceVersion", version);
        }
    }

    private static Optional<Rule> rule(Resource resource, String subresource) {
        Rule own = RULES.get(resource.qualifiedPlural() + " " + subresource);
        if (own == null && resource.has(STATUS)) {
            own = RULES.get("* " + subresource);
        }
        return Optional.ofNullable(own);
    }

    /** Makes one part of {@code to} what it is in {@code from}: also absent. */
    private static void copy(JsonNode from, ObjectNode to, List<String> path) {
        String step = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        if (step.endsWith("[]")) {
            String field = step.substring(0, step.length() - 2);
            if (from.path(field) instanceof ArrayNode source && to.path(field) instanceof ArrayNode goal) {
                copyElements(source, goal, rest);
            }
        } else if (rest.isEmpty()) {
            from.optional(step).ifPresentOrElse(value -> to.set(step, value.deepCopy()), () -> to.remove(step));
        } else if (to.path(step) instanceof ObjectNode goal) {
            copy(from.path(step), goal, rest);
        } else if (from.path(step).isObject()) {
            copy(from.path(step), to.putObject(step), rest);
        }
    }

    private static void copyElements(ArrayNode from, ArrayNode to, List<String> path) {
        for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
            if (to.get(i) instanceof ObjectNode element) {
                copy(from.get(i), element, path);
            }
        }
    }

    private static Map<String, Rule> read() {
        Map<String, Rule> rules = new HashMap<>();
        for (String line : Texts.lines("divisions.txt")) {
            List<String> column = List.of(line.split("\\s+"));
            List<String> parts = column.subList(2, column.size());
            String subresource = column.get(1).equals("-") ? "" : column.get(1);
            rules.put(
                    column.get(0) + " " + subresource,
                    new Rule(
                            parts.getFirst().startsWith("!"),
                            parts.stream()
                                    .map(part -> List.of(part.replace("!", "").split("\\.")))
                                    .toList()));
        }
        return rules;
    }
}
