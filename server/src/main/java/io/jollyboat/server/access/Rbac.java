package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.server.Authorizer;
import io.jollyboat.server.User;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
    private static final Resource CLUSTER_BINDINGS = Resources.kind(GROUP, "ClusterRoleBinding");
    private static final Resource BINDINGS = Resources.kind(GROUP, "RoleBinding");

    private final Api api;
    private final RoleRules roles;
    private final Grants grants;
    private final Signers signers;

    /** @param api with the right to read all roles and bindings */
    public Rbac(Api api) {
        this.api = api;
        this.roles = new RoleRules(api);
        this.grants = new Grants(this, roles);
        this.signers = new Signers(this);
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

    @Override
    public void checkGrant(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        grants.check(user, target, before, after);
        signers.check(user, target, before, after);
    }

    private Decision allowed(User user, String namespace, Predicate<JsonNode> allows) {
        if (user.groups().contains(User.MASTERS)) {
            return Decision.ALLOWED;
        }
        Set<String> missing = new LinkedHashSet<>();
        for (Grant grant : grants(user, namespace)) {
            Optional<List<JsonNode>> rules = roles.find(grant.role(), grant.namespace());
            if (rules.isEmpty()) {
                missing.add(grant.missing());
            } else if (rules.get().stream().anyMatch(allows)) {
                return new Decision(true, "RBAC: allowed by " + grant.told());
            }
        }
        return missing.isEmpty() ? Decision.DENIED : new Decision(false, "RBAC: " + told(missing));
    }

    /** Several errors as one, "" for none. */
    static String told(Collection<String> errors) {
        String all = String.join(", ", errors);
        return errors.size() < 2 ? all : "[" + all + "]";
    }

    /**
     * What a user holds in a namespace.
     *
     * @param missing says of each role that is bound and not there
     */
    record Held(List<JsonNode> rules, Set<String> missing) {}

    /** All that holds for a user in a namespace; "" for the cluster's alone. */
    Held held(User user, String namespace) {
        Held held = new Held(new ArrayList<>(), new LinkedHashSet<>());
        for (Grant grant : grants(user, namespace)) {
            roles.find(grant.role(), grant.namespace())
                    .ifPresentOrElse(held.rules()::addAll, () -> held.missing().add(grant.missing()));
        }
        return held;
    }

    List<JsonNode> rules(User user, String namespace) {
        return held(user, namespace).rules();
    }

    /** What binds a user in a namespace, the cluster's bindings first. */
    private List<Grant> grants(User user, String namespace) {
        List<Grant> grants = new ArrayList<>();
        for (ObjectNode binding :
                api.list(CLUSTER_BINDINGS, "", ListOptions.ALL).items()) {
            subject(binding, user).ifPresent(subject -> grants.add(new Grant(binding, subject)));
        }
        if (!namespace.isEmpty()) {
            for (ObjectNode binding :
                    api.list(BINDINGS, namespace, ListOptions.ALL).items()) {
                subject(binding, user).ifPresent(subject -> grants.add(new Grant(binding, subject)));
            }
        }
        return grants;
    }

    /** A binding and the one of its subjects that means the user. */
    private record Grant(ObjectNode binding, JsonNode subject) {
        JsonNode role() {
            return binding.path("roleRef");
        }

        String namespace() {
            return Meta.namespace(binding);
        }

        String missing() {
            return "%s.rbac.authorization.k8s.io \"%s\" not found"
                    .formatted(
                            role().path("kind").asString("").toLowerCase(Locale.ROOT),
                            role().path("name").asString(""));
        }

        /** In Kubernetes' words, where a namespace stands behind the name. */
        String told() {
            String kind = subject.path("kind").asString("");
            String name = subject.path("name").asString("");
            boolean account = kind.equals("ServiceAccount");
            return "%sRoleBinding \"%s\" of %s \"%s\" to %s \"%s\""
                    .formatted(
                            namespace().isEmpty() ? "Cluster" : "",
                            namespace().isEmpty() ? Meta.name(binding) : Meta.name(binding) + "/" + namespace(),
                            role().path("kind").asString(""),
                            role().path("name").asString(""),
                            kind,
                            account ? name + "/" + subject.path("namespace").asString(namespace()) : name);
        }
    }

    private static Optional<JsonNode> subject(ObjectNode binding, User user) {
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
                return Optional.of(subject);
            }
        }
        return Optional.empty();
    }
}
