package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.selectors.LabelSelector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a role allows: its own rules, or for an aggregating ClusterRole those of all that its selectors choose, and so
 * on. A controller writes the sum into the role for users to see; what counts is formed when it is asked for, and so is
 * never behind, neither directly after the start nor while no controller runs.
 */
final class RoleRules {
    static final String GROUP = "rbac.authorization.k8s.io/v1";
    static final Resource CLUSTER_ROLES = Resources.kind(GROUP, "ClusterRole");
    static final Resource ROLES = Resources.kind(GROUP, "Role");

    private final Api api;

    RoleRules(Api api) {
        this.api = api;
    }

    /**
     * The rules behind a {@code roleRef}; empty while the role is missing, since a binding may come before its role.
     *
     * @param namespace of the binding, "" for a cluster's
     */
    Optional<List<JsonNode>> find(JsonNode reference, String namespace) {
        Target target = target(reference, namespace);
        return role(target).map(role -> of(target.resource(), role));
    }

    /** Where a {@code roleRef} leads. */
    static Target target(JsonNode reference, String namespace) {
        String name = reference.path("name").asString("");
        return reference.path("kind").asString("").equals("ClusterRole")
                ? Target.of(CLUSTER_ROLES, "", name)
                : Target.of(ROLES, namespace, name);
    }

    /** The rules of a role that may not be stored yet. */
    List<JsonNode> of(Resource resource, ObjectNode role) {
        List<JsonNode> rules = new ArrayList<>();
        if (resource.equals(CLUSTER_ROLES) && gathers(role)) {
            List<ObjectNode> all = api.list(CLUSTER_ROLES, "", ListOptions.ALL).items();
            gather(role, all, rules, new HashSet<>(Set.of(Meta.name(role))));
        } else {
            role.path("rules").forEach(rules::add);
        }
        return rules;
    }

    private static boolean gathers(ObjectNode role) {
        return role.path("aggregationRule").isObject();
    }

    private static void gather(ObjectNode role, List<ObjectNode> all, List<JsonNode> rules, Set<String> seen) {
        if (!gathers(role)) {
            role.path("rules").forEach(rules::add);
        }
        for (JsonNode selector : role.path("aggregationRule").path("clusterRoleSelectors")) {
            LabelSelector labels = LabelSelector.of(selector);
            for (ObjectNode other : all) {
                if (labels.matches(Meta.labelsNode(other)) && seen.add(Meta.name(other))) {
                    gather(other, all, rules, seen);
                }
            }
        }
    }

    private Optional<ObjectNode> role(Target target) {
        if (target.name().isEmpty()
                || target.resource().namespaced() && target.namespace().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
