package io.jollyboat.api.kinds;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What one column shows of an object. */
interface Cell {
    JsonNodeFactory NODES = JsonNodeFactory.instance;

    JsonNode of(ObjectNode object, Instant now);

    /** A cell that is text. */
    interface Text {
        String of(ObjectNode object, Instant now);
    }

    /** A named rule: makes a cell of the arguments in the table. */
    interface Rule {
        Text with(List<String> arguments);
    }

    Pattern CALL = Pattern.compile("(#?)(\\w+)\\((.*)\\)");

    /** Reads the cell column of {@code columns.txt}. */
    static Cell read(String expression) {
        Matcher call = CALL.matcher(expression);
        if (!call.matches()) {
            return path(expression);
        }
        List<String> arguments =
                call.group(3).isEmpty() ? List.of() : List.of(call.group(3).split(","));
        Text text = Rules.named(call.group(2)).with(arguments);
        return call.group(1).isEmpty()
                ? (object, now) -> NODES.stringNode(text.of(object, now))
                : (object, now) -> NODES.numberNode(Long.parseLong(text.of(object, now)));
    }

    /** Reads {@code path|when-unset}. */
    private static Cell path(String expression) {
        int bar = expression.indexOf('|');
        Path path = Path.of(bar < 0 ? expression : expression.substring(0, bar));
        JsonNode unset = bar < 0 ? NODES.stringNode("") : literal(expression.substring(bar + 1));
        return (object, now) -> {
            JsonNode value = path.first(object);
            return Condition.isUnset(value) ? unset : value;
        };
    }

    private static JsonNode literal(String text) {
        return switch (text) {
            case "\"\"" -> NODES.stringNode("");
            case "0" -> NODES.numberNode(0);
            case "true", "false" -> NODES.booleanNode(Boolean.parseBoolean(text));
            default -> NODES.stringNode(text);
        };
    }

    /** The rules by their names, of all subjects. */
    final class Rules {
        private static final Map<String, Rule> NAMED = Stream.of(
                        TextCells.RULES,
                        PodCells.RULES,
                        NetworkCells.RULES,
                        WorkloadCells.RULES,
                        StorageCells.RULES,
                        ClusterCells.RULES,
                        EventCells.RULES)
                .flatMap(rules -> rules.entrySet().stream())
                .collect(java.util.stream.Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

        private Rules() {}

        static Rule named(String name) {
            Rule rule = NAMED.get(name);
            if (rule == null) {
                throw new IllegalStateException("columns.txt names an unknown rule: " + name);
            }
            return rule;
        }
    }
}
