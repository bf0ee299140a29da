package io.jollyboat.api.selectors;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.StatusException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One condition on a label.
 *
 * @param values sorted, without duplicates; none for {@code EXISTS} and {@code DOES_NOT_EXIST}
 */
public record Requirement(String key, Operator operator, List<String> values) {

    /** What is asked of the label. */
    public enum Operator {
        EQUALS,
        DOUBLE_EQUALS,
        NOT_EQUALS,
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER_THAN,
        LESS_THAN
    }

    public Requirement {
        values = List.copyOf(values);
    }

    /**
     * A requirement whose key and values follow the syntax of labels.
     *
     * @param keyField how an error names the place of the key
     * @param values in any order
     * @throws StatusException 400 in Kubernetes' words
     */
    static Requirement checked(String keyField, String key, Operator operator, List<String> values) {
        List<String> sorted = values.stream().distinct().sorted().toList();
        reject(keyField, "\"" + key + "\"", NameRules.qualified(key));
        checkCount(operator, sorted);
        for (int i = 0; i < sorted.size(); i++) {
            String value = sorted.get(i);
            if ((operator == Operator.GREATER_THAN || operator == Operator.LESS_THAN)
                    && number(value).isEmpty()) {
                reject(
                        "values[" + i + "]",
                        "\"" + value + "\"",
                        List.of("for 'Gt', 'Lt' operators, the value must be an integer"));
            }
            reject("values[" + i + "][" + key + "]", "\"" + value + "\"", NameRules.labelValue(value));
        }
        return new Requirement(key, operator, sorted);
    }

    private static void checkCount(Operator operator, List<String> values) {
        int count = values.size();
        String rule = switch (operator) {
            case IN, NOT_IN -> count > 0 ? "" : "for 'in', 'notin' operators, values set can't be empty";
            case EQUALS, DOUBLE_EQUALS, NOT_EQUALS ->
                count == 1 ? "" : "exact-match compatibility requires one single value";
            case EXISTS, DOES_NOT_EXIST -> count == 0 ? "" : "values set must be empty for exists and does not exist";
            case GREATER_THAN, LESS_THAN -> count == 1 ? "" : "for 'Gt', 'Lt' operators, exactly one value is required";
        };
        if (!rule.isEmpty()) {
            String list =
                    String.join(",", values.stream().map(v -> "\"" + v + "\"").toList());
            reject("values", "[" + list + "]", List.of(rule));
        }
    }

    private static void reject(String field, String value, List<String> rules) {
        if (!rules.isEmpty()) {
            throw StatusException.badRequest(field + ": Invalid value: " + value + ": " + String.join("; ", rules));
        }
    }

    /** Whether labels, an object of texts or a missing node, meet the condition. */
    public boolean matches(JsonNode labels) {
        return matches(labels.path(key).stringValueOpt());
    }

    /** Whether labels meet the condition. */
    public boolean matches(Map<String, String> labels) {
        return matches(Optional.ofNullable(labels.get(key)));
    }

    private boolean matches(Optional<String> label) {
        return switch (operator) {
            case EQUALS, DOUBLE_EQUALS, IN -> label.isPresent() && values.contains(label.get());
            case NOT_EQUALS, NOT_IN -> label.isEmpty() || !values.contains(label.get());
            case EXISTS -> label.isPresent();
            case DOES_NOT_EXIST -> label.isEmpty();
            case GREATER_THAN -> label.isPresent() && compare(label.get()) > 0;
            case LESS_THAN -> label.isPresent() && compare(label.get()) < 0;
        };
    }

    /** The label's number against the requirement's; 0 where one of them is none. */
    private int compare(String label) {
        Optional<Long> mine = number(values.getFirst());
        Optional<Long> theirs = number(label);
        return mine.isPresent() && theirs.isPresent() ? theirs.get().compareTo(mine.get()) : 0;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The text that parses to this requirement. */
    @Override
    public String toString() {
        String list = String.join(",", values);
        return switch (operator) {
            case EQUALS -> key + "=" + list;
            case DOUBLE_EQUALS -> key + "==" + list;
            case NOT_EQUALS -> key + "!=" + list;
            case IN -> key + " in (" + list + ")";
            case NOT_IN -> key + " notin (" + list + ")";
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
            case GREATER_THAN -> key + ">" + list;
            case LESS_THAN -> key + "<" + list;
        };
    }
}
