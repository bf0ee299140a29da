package io.jollyboat.api.kinds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The cells that any kind may use: joined values, fractions, ages, labels and selectors. */
final class TextCells {
    static final String NONE = "<none>";

    static final Map<String, Cell.Rule> RULES = Map.ofEntries(
            Map.entry("age", args -> (o, now) -> HumanDuration.since(text(o, "metadata.creationTimestamp"), now)),
            Map.entry("since", args -> (o, now) -> {
                String time = text(o, args.get(0));
                return time.isEmpty() ? args.get(1) : HumanDuration.since(time, now);
            }),
            Map.entry("seconds", args -> (o, now) -> {
                JsonNode seconds = Path.of(args.get(0)).first(o);
                return seconds.isNumber() ? HumanDuration.of(Duration.ofSeconds(seconds.asLong())) : NONE;
            }),
            Map.entry(
                    "count",
                    args -> (o, now) -> String.valueOf(args.stream()
                            .mapToInt(path -> Path.of(path).first(o).size())
                            .sum())),
            Map.entry("join", args -> (o, now) -> String.join(",", texts(o, args.get(0)))),
            Map.entry("joinOr", args -> (o, now) -> or(String.join(",", texts(o, args.get(1))), args.get(0))),
            Map.entry("fraction", args -> (o, now) -> number(o, args.get(0)) + "/" + number(o, args.get(1))),
            Map.entry(
                    "trueFalse",
                    args -> (o, now) -> Path.of(args.get(0)).first(o).asBoolean(false) ? "True" : "False"),
            Map.entry("asText", args -> (o, now) -> or(text(o, args.get(0)), args.get(1))),
            Map.entry("trimmed", args -> (o, now) -> text(o, args.get(0)).strip()),
            Map.entry("pair", args -> (o, now) -> {
                String first = text(o, args.get(1));
                String second = text(o, args.get(2));
                return args.size() > 3 && second.isEmpty() ? args.get(3) : first + args.get(0) + second;
            }),
            Map.entry(
                    "kindName",
                    args -> (o, now) -> text(o, args.get(0) + ".kind").toLowerCase(java.util.Locale.ROOT) + "/"
                            + text(o, args.get(0) + ".name")),
            Map.entry("labels", args -> (o, now) -> labels(Path.of(args.get(0)).first(o))),
            Map.entry(
                    "selector",
                    args -> (o, now) -> selector(Path.of(args.get(0)).first(o))),
            Map.entry("condition", args -> (o, now) -> condition(o, args.get(0), args.get(1), args.get(2))),
            Map.entry(
                    "conditionOr",
                    args -> (o, now) -> or(condition(o, args.get(1), args.get(2), args.get(3)), args.get(0))));

    private TextCells() {}

    /** The text of a value, "" where it is not set. */
    static String text(JsonNode object, String path) {
        return Path.of(path).first(object).asString("");
    }

    static List<String> texts(JsonNode object, String path) {
        return Path.of(path).all(object).stream().map(node -> node.asString("")).toList();
    }

    static long number(JsonNode object, String path) {
        return Path.of(path).first(object).asLong(0);
    }

    static String or(String text, String unset) {
        return text.isEmpty() ? unset : text;
    }

    /** The first few joined, and how many more there are. */
    static String clipped(List<String> all, int shown) {
        String text = String.join(",", all.subList(0, Math.min(shown, all.size())));
        return all.size() <= shown ? text : text + " + " + (all.size() - shown) + " more...";
    }

    /** A field of the condition of a type, "" where there is none. */
    static String condition(JsonNode object, String conditions, String type, String field) {
        for (JsonNode condition : Path.of(conditions).first(object)) {
            if (condition.path("type").asString("").equals(type)) {
                return condition.path(field).asString("");
            }
        }
        return "";
    }

    /** {@code a=b,c=d}, sorted. */
    static String labels(JsonNode labels) {
        Map<String, String> sorted = new TreeMap<>();
        labels.properties()
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue().asString("")));
        return or(
                sorted.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",")),
                NONE);
    }

    /** A label selector as one would type it, sorted by key. */
    static String selector(JsonNode selector) {
        Map<String, List<String>> byKey = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            byKey.computeIfAbsent(label.getKey(), key -> new ArrayList<>())
                    .add(label.getKey() + "=" + label.getValue().asString(""));
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = expression.path("key").asString("");
            byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(requirement(key, expression));
        }
        return or(byKey.values().stream().flatMap(List::stream).collect(Collectors.joining(",")), NONE);
    }

    private static String requirement(String key, JsonNode expression) {
        String values = texts(expression, "values[]").stream().sorted().collect(Collectors.joining(",", "(", ")"));
        return switch (expression.path("operator").asString("")) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }
}
