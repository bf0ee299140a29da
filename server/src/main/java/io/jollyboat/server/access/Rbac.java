package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.server.Authorizer;
import io.jollyboat.server.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Role-based access control: a user may do what some rule of some role allows that is bound to the user, in the
 * request's namespace or in the whole cluster. Members of {@code system:masters} may do everything.
 *
 * <p>Roles and bindings are read from the server's own memory for each request: they are few.
 */
public final class Rbac implements Authorizer {
    private static final String GROUP = "rbac.authorization.k8s.io/v1";
    private static final Resource CLUSTER_ROLES = Resources.kind(GROUP, "ClusterRole");
    private static final Resource CLUSTER_BINDINGS = Resources.kind(GROUP, "ClusterRoleBinding");
    private static final Resource ROLES = Resources.kind(GROUP, "Role");
    private static final Resource BINDINGS = Resources.kind(GROUP, "RoleBinding");

    private final Api api;

    /** @param api with the right to read all roles and bindings */
    public Rbac(Api api) {
        this.api = api;
    }

    @Override
    public Decision decide(
            User user, String verb, Resource resource, String namespace, String name, String subresource) {
        return allowed(user, namespace, rule -> Rule.allows(rule, verb, resource, name, subresource));
    }

    @Override
    public Decision decidePath(User user, String verb, String path) {
        return allowed(user, "", rule -> Rule.allowsPath(rule, verb, path));
    }

    private Decision allowed(User user, String namespace, Predicate<JsonNode> allows) {
        boolean yes = user.groups().contains(User.MASTERS)
                || rules(user, namespace).stream().anyMatch(allows);
        return yes ? Decision.ALLOWED : Decision.DENIED;
    }

    /** All rules that hold for a user in a namespace; "" for the cluster's alone. */
    List<JsonNode> rules(User user, String namespace) {
        List<JsonNode> rules = new ArrayList<>();
        for (ObjectNode binding :
                api.list(CLUSTER_BINDINGS, "", ListOptions.ALL).items()) {
            if (binds(binding, user)) {
                role(binding, "").ifPresent(role -> role.path("rules").forEach(rules::add));
            }
        }
        if (!namespace.isEmpty()) {
            for (ObjectNode binding :
                    api.list(BINDINGS, namespace, ListOptions.ALL).items()) {
                if (binds(binding, user)) {
                    role(binding, namespace)
                            .ifPresent(role -> role.path("rules").forEach(rules::add));
                }
            }
        }
        return rules;
    }

    private Optional<ObjectNode> role(ObjectNode binding, String namespace) {
        JsonNode reference = binding.path("roleRef");
        String name = reference.path("name").asString("");
        boolean cluster = reference.path("kind").asString("").equals("ClusterRole");
        try {
            return Optional.of(
                    api.get(cluster ? Target.of(CLUSTER_ROLES, "", name) : Target.of(ROLES, namespace, name)));
        } catch (StatusException e) {
            return Optional.empty(); // a binding may come before its role
        }
    }

    private static boolean binds(ObjectNode binding, User user) {
        for (JsonNode subject : binding.path("subjects")) {
            String name = subject.path("name").asString("");
            boolean meant = switch (subject.path("kind").asString("")) {
                case "User" -> name.equals(user.name());
                case "Group" -> user.groups().contains(name);
                case "ServiceAccount" -> {
                    String namespace = subject.path("namespace").asString(Meta.namespace(binding));
                    yield user.name().equals("system:serviceaccount:" + namespace + ":" + name);
                }
                default -> false;
            };
            if (meant) {
                return true;
            }
        }
        return false;
    }
}
