package io.jollyboat.api.openapi;

import io.jollyboat.api.kinds.TextTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The list with which the description of a field ends whose value is from a closed set: {@code values.txt}.
 *
 * <p>Source of the form: kube-openapi's descriptions of types that are marked as such.
 */
final class ValueWords {
    private static final String HEADING = "Possible enum values:";

    private final Map<String, Map<String, String>> words = new HashMap<>();

    static ValueWords read() {
        ValueWords read = new ValueWords();
        TextTable.sections(ValueWords.class, "values.txt")
                .forEach((set, rows) -> read.words.put(
                        set,
                        rows.stream()
                                .collect(Collectors.toMap(row -> row.get(0).replace("<empty>", ""), List::getLast))));
        return read;
    }

    /** Adds the list to a description; an open set has none. */
    String describe(String description, List<String> values) {
        if (values.isEmpty()) {
            return description;
        }
        Map<String, String> known =
                words.getOrDefault(values.stream().sorted().collect(Collectors.joining(",")), Map.of());
        String list = values.stream()
                .map(value -> line(value, known.getOrDefault(value, "")))
                .sorted()
                .collect(Collectors.joining("\n"));
        return (description.isEmpty() ? "" : description + "\n\n") + HEADING + "\n" + list;
    }

    private static String line(String value, String words) {
        String quoted = JsonNodeFactory.instance.stringNode(value).toString();
        return " - `" + quoted + "`" + (words.isEmpty() ? "" : " " + words);
    }
}
