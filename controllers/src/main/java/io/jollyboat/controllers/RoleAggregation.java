package io.jollyboat.controllers;

import io.jollyboat.api.selectors.LabelSelector;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What the rules of a role are that gathers those of others (Kubernetes' documentation of RBAC, "Aggregated
 * ClusterRoles"). A pure function.
 *
 * <p>Only what the others say now is taken: where they gather rules themselves, theirs come when they have been written,
 * which is a change that is looked at in turn.
 */
final class RoleAggregation {
    private RoleAggregation() {}

    /**
     * The rules to be written into a role: of each selector the roles that it chooses, by name, each rule once.
     *
     * @return empty where the role has them already, in whatever order (or two that gather each other would never
     *     agree), or gathers none
     */
    static Optional<List<JsonNode>> wanted(ClusterRole role, Collection<ClusterRole> all) {
        if (role.gathers().isEmpty()) {
            return Optional.empty();
        }
        List<ClusterRole> others = all.stream()
                .filter(other -> !name(other).equals(name(role)))
                .sorted(Comparator.comparing(RoleAggregation::name))
                .toList();
        Set<JsonNode> rules = new LinkedHashSet<>();
        for (LabelSelector selector : role.gathers().get()) {
            for (ClusterRole other : others) {
                if (selector.matches(other.labels())) {
                    rules.addAll(other.rules());
                }
            }
        }
        return rules.equals(Set.copyOf(role.rules())) ? Optional.empty() : Optional.of(List.copyOf(rules));
    }

    private static String name(ClusterRole role) {
        return role.metadata().key().name();
    }
}
