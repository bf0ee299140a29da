package io.jollyboat.server.access;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Trees;
import io.jollyboat.server.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps users from raising themselves: nobody writes a role with more rights than one's own unless one may {@code
 * escalate} it, nor binds one unless one may {@code bind} it.
 *
 * <p>Source: Kubernetes' documentation of RBAC, "Privilege escalation prevention and bootstrapping".
 */
final class Grants {
    private static final String RULES = "rules";
    private static final String AGGREGATION = "aggregationRule";

    private final Rbac rbac;
    private final RoleRules roles;

    Grants(Rbac rbac, RoleRules roles) {
        this.rbac = rbac;
        this.roles = roles;
    }

    /** @throws StatusException 403 when the object would give more than its writer has */
    void check(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        if (user.groups().contains(User.MASTERS) || !target.resource().group().equals("rbac.authorization.k8s.io")) {
            return;
        }
        switch (target.resource().plural()) {
            case "roles", "clusterroles" -> role(user, target, before, after);
            case "rolebindings", "clusterrolebindings" -> binding(user, target, before, after);
            default -> {}
        }
    }

    private void role(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        boolean rulesStay = same(before, after, RULES);
        boolean aggregationStays = same(before, after, AGGREGATION);
        if (rulesStay && aggregationStays || may(user, "escalate", target)) {
            return;
        }
        if (!aggregationStays && after.path(AGGREGATION).isObject() && !holdsAll(user)) {
            throw StatusException.forbidden(target, "must have cluster-admin privileges to use the aggregationRule");
        }
        demand(user, target, after.path(RULES).valueStream().toList());
    }

    private void binding(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        if (same(before, after, "roleRef") && same(before, after, "subjects")) {
            return;
        }
        JsonNode reference = after.path("roleRef");
        Target role = RoleRules.target(reference, target.namespace());
        Target asked = Target.of(role.resource(), target.namespace(), role.name());
        if (!may(user, "bind", asked)) {
            demand(user, target, roles.of(reference, target.namespace()));
        }
    }

    private static boolean same(Optional<ObjectNode> before, ObjectNode after, String field) {
        return before.map(b -> Trees.equal(b.path(field), after.path(field))).orElse(false);
    }

    private boolean may(User user, String verb, Target role) {
        Resource resource = role.resource();
        return rbac.decide(user, verb, resource, role.namespace(), role.name(), "")
                .allowed();
    }

    private boolean holdsAll(User user) {
        List<JsonNode> own = rbac.rules(user, "");
        return Right.EVERYTHING.stream().allMatch(right -> held(right, own));
    }

    private void demand(User user, Target target, List<JsonNode> wanted) {
        List<JsonNode> own = rbac.rules(user, target.namespace());
        List<Right> missing = wanted.stream()
                .flatMap(rule -> Right.of(rule).stream())
                .filter(right -> !held(right, own))
                .toList();
        if (!missing.isEmpty()) {
            String groups = user.groups().stream().map(Grants::quoted).collect(Collectors.joining(" "));
            throw StatusException.forbidden(
                    target,
                    "user %s (groups=[%s]) is attempting to grant RBAC permissions not currently held:\n%s"
                            .formatted(quoted(user.name()), groups, told(missing)));
        }
    }

    private static boolean held(Right right, List<JsonNode> own) {
        return own.stream().anyMatch(right::isGivenBy);
    }

    /** The missing rights, those that differ only in their verb together. */
    private static String told(List<Right> missing) {
        Map<String, List<String>> verbs = new LinkedHashMap<>();
        missing.forEach(right ->
                verbs.computeIfAbsent(right.object(), o -> new ArrayList<>()).add(quoted(right.verb())));
        return verbs.entrySet().stream()
                .map(e -> "{" + e.getKey() + ", Verbs:["
                        + e.getValue().stream().distinct().collect(Collectors.joining(" ")) + "]}")
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
