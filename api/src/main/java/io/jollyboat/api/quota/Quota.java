package io.jollyboat.api.quota;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Quantity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A ResourceQuota: what a namespace may take.
 *
 * @param hard the limits by name
 * @param scopes what its Pods must be or not be; empty for all objects
 */
public record Quota(String name, Map<String, Quantity> hard, List<Scope> scopes) {
    public Quota {
        hard = Map.copyOf(hard);
        scopes = List.copyOf(scopes);
    }

    /** One condition on Pods: {@code scope operator values}. */
    public record Scope(String name, String operator, Set<String> values) {
        boolean holds(Usage usage) {
            if (!name.equals("PriorityClass")) {
                return usage.scopes().contains(name);
            }
            return switch (operator) {
                case "In" -> values.contains(usage.priorityClass());
                case "NotIn" -> !values.contains(usage.priorityClass());
                case "DoesNotExist" -> usage.priorityClass().isEmpty();
                default -> !usage.priorityClass().isEmpty();
            };
        }
    }

    public static Quota of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        List<Scope> scopes = new ArrayList<>();
        for (JsonNode scope : spec.path("scopes")) {
            scopes.add(new Scope(scope.asString(""), "Exists", Set.of()));
        }
        for (JsonNode match : spec.path("scopeSelector").path("matchExpressions")) {
            Set<String> values = new HashSet<>();
            match.path("values").forEach(value -> values.add(value.asString("")));
            scopes.add(new Scope(
                    match.path("scopeName").asString(""), match.path("operator").asString("Exists"), values));
        }
        return new Quota(Meta.name(object), PodAmounts.read(spec.path("hard")), scopes);
    }

    /** Whether an object counts; a quota with scopes is about Pods alone. */
    public boolean counts(Usage usage) {
        return scopes.stream().allMatch(scope -> scope.holds(usage));
    }

    /** The part of a usage that the quota limits. */
    public Map<String, Quantity> limited(Usage usage) {
        Map<String, Quantity> part = new TreeMap<>(usage.amounts());
        part.keySet().retainAll(hard.keySet());
        return part;
    }

    /** What all these take together, of each name that the quota limits; 0 where nothing does. */
    public Map<String, Quantity> used(Collection<Usage> usages) {
        Map<String, Quantity> sum = new TreeMap<>();
        hard.keySet().forEach(name -> sum.put(name, Quantity.ZERO));
        usages.stream()
                .filter(this::counts)
                .forEach(usage -> limited(usage).forEach((name, amount) -> sum.merge(name, amount, Quantity::plus)));
        return sum;
    }
}
