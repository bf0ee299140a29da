package io.jollyboat.api.selectors;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.selectors.Requirement.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Chooses objects by their labels: all requirements must hold, and none means that every object is chosen.
 *
 * @param requirements sorted by key
 */
public record LabelSelector(List<Requirement> requirements) {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());
    /** Asks for a label to be and not to be. */
    public static final LabelSelector NOTHING = new LabelSelector(List.of(
            new Requirement("nothing", Operator.EXISTS, List.of()),
            new Requirement("nothing", Operator.DOES_NOT_EXIST, List.of())));

    public LabelSelector {
        requirements = requirements.stream()
                .sorted(Comparator.comparing(Requirement::key))
                .toList();
    }

    /**
     * Reads the text of a query: {@code app=web,tier in (a,b),!canary}. Empty text chooses everything.
     *
     * @throws StatusException 400 where the text is no selector
     */
    public static LabelSelector parse(String text) {
        return text.isEmpty() ? EVERYTHING : new LabelSelector(new LabelParser(text).parse());
    }

    /**
     * Reads the JSON form, {@code matchLabels} and {@code matchExpressions}. An empty object chooses everything;
     * whoever gives a missing one another meaning (most of Kubernetes: nothing) asks before.
     *
     * @throws StatusException 400 where an expression is wrong
     */
    public static LabelSelector of(JsonNode selector) {
        List<Requirement> found = new ArrayList<>();
        selector.path("matchLabels")
                .forEachEntry((key, value) ->
                        found.add(Requirement.checked("key", key, Operator.EQUALS, List.of(value.stringValue("")))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asString("")));
            found.add(Requirement.checked(
                    "key",
                    expression.path("key").stringValue(""),
                    operator(expression.path("operator").stringValue("")),
                    values));
        }
        return found.isEmpty() ? EVERYTHING : new LabelSelector(found);
    }

    /** Reads a plain map of labels, as a Service's selector is. */
    public static LabelSelector ofLabels(JsonNode labels) {
        List<Requirement> found = new ArrayList<>();
        labels.forEachEntry(
                (key, value) -> found.add(new Requirement(key, Operator.EQUALS, List.of(value.stringValue("")))));
        return found.isEmpty() ? EVERYTHING : new LabelSelector(found);
    }

    /** One expression of a node selector: as those of a label selector, and {@code Gt} and {@code Lt} too. */
    public static Operator operator(String name) {
        return switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            case "Gt" -> Operator.GREATER_THAN;
            case "Lt" -> Operator.LESS_THAN;
            default -> throw StatusException.badRequest("\"" + name + "\" is not a valid label selector operator");
        };
    }

    /** Whether labels, an object of texts or a missing node, meet all requirements. */
    public boolean matches(JsonNode labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Whether labels meet all requirements. */
    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return requirements.isEmpty();
    }

    /** The canonical text, which parses to the same selector. */
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
