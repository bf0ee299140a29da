package io.jollyboat.server.access;

import io.jollyboat.api.Meta;
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
    private static final List<String> BOOKKEEPING =
            List.of("ownerReferences", "finalizers", "managedFields", "resourceVersion");

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
        if (staysButForCollection(before, after) || may(user, "escalate", target)) {
            return;
        }
        demand(user, target, after.path(RULES).valueStream().toList());
        boolean gathers = after.path(AGGREGATION).isObject()
                || before.map(b -> b.path(AGGREGATION).isObject()).orElse(false);
        if (gathers && !holdsAll(user)) {
            throw StatusException.forbidden(target, "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    private void binding(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        if (staysButForCollection(before, after)) {
            return;
        }
        JsonNode reference = after.path("roleRef");
        Target role = RoleRules.target(reference, target.namespace());
        Target asked = Target.of(role.resource(), target.namespace(), role.name());
        if (!may(user, "bind", asked)) {
            demand(
                    user,
                    target,
                    roles.find(reference, target.namespace()).orElseThrow(() -> StatusException.notFound(role)));
        }
    }

    /** Whether nothing changes but what the garbage collector needs to get rid of the object. */
    private static boolean staysButForCollection(Optional<ObjectNode> before, ObjectNode after) {
        return before.map(b -> Trees.equal(withoutBookkeeping(b), withoutBookkeeping(after)))
                .orElse(false);
    }

    private static ObjectNode withoutBookkeeping(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        Meta.writable(copy).remove(BOOKKEEPING);
        return copy;
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

    /** The missing rights, those on the same objects together; each path stands for itself. */
    private static String told(List<Right> missing) {
        List<String> told = new ArrayList<>();
        Map<String, List<String>> verbs = new LinkedHashMap<>();
        for (Right right : missing) {
            switch (right) {
                case Right.OnPath path -> told.add(told(path.object(), List.of(quoted(path.verb()))));
                case Right.OnResource some ->
                    verbs.computeIfAbsent(some.object(), o -> new ArrayList<>()).add(quoted(some.verb()));
            }
        }
        verbs.forEach((object, several) -> told.add(told(object, several)));
        return told.stream().distinct().sorted().collect(Collectors.joining("\n"));
    }

    private static String told(String object, List<String> verbs) {
        return "{" + object + ", Verbs:[" + String.join(" ", verbs) + "]}";
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
