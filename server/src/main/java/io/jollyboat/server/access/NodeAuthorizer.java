package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.selectors.FieldSelector;
import io.jollyboat.api.selectors.FieldSelector.FieldRequirement;
import io.jollyboat.server.Authorizer;
import io.jollyboat.server.User;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets a node reach what it needs and no more: its own Node and Lease, the Pods that are bound to it, and what those
 * lead to. Everybody else, and what is no node's matter, is left to the next authorizer.
 *
 * <p>Source: Kubernetes documentation, "Using Node Authorization" and "NodeRestriction".
 */
final class NodeAuthorizer implements Authorizer {
    private static final String GROUP = "system:nodes";
    private static final String PREFIX = "system:node:";
    private static final Set<String> READING = Set.of("get", "list", "watch");
    private static final Set<String> CHANGING = Set.of("update", "patch");
    private static final String LEASES = "kube-node-lease";
    private static final List<JsonNode> RULES = rules();

    private final Authorizer next;
    private final NodeGraph graph;
    private final NodeRestriction restriction;

    /** @param api with the right to read everything */
    NodeAuthorizer(Api api, Authorizer next) {
        this.next = next;
        this.graph = new NodeGraph(api);
        this.restriction = new NodeRestriction(graph);
    }

    /** The name of the node that a user is; empty for everybody else. */
    static Optional<String> node(User user) {
        return user.groups().contains(GROUP) && user.name().startsWith(PREFIX)
                ? Optional.of(user.name().substring(PREFIX.length()))
                : Optional.empty();
    }

    @Override
    public Decision decide(
            User user, String verb, Resource resource, String namespace, String name, String subresource) {
        return either(
                node(user).map(node -> ofNode(node, verb, resource, namespace, name, subresource)),
                () -> next.decide(user, verb, resource, namespace, name, subresource));
    }

    @Override
    public Decision decideMany(
            User user, String verb, Resource resource, String namespace, String name, FieldSelector fields) {
        Optional<Decision> own = node(user).map(node -> {
            boolean itsPods = resource.qualifiedPlural().equals("pods")
                    && READING.contains(verb)
                    && fields.requirements().contains(new FieldRequirement("spec.nodeName", true, node));
            return itsPods ? Decision.ALLOWED : ofNode(node, verb, resource, namespace, name, "");
        });
        return either(own, () -> next.decideMany(user, verb, resource, namespace, name, fields));
    }

    /** The first that allows; where none does, all that was said. */
    private static Decision either(Optional<Decision> own, Supplier<Decision> next) {
        if (own.isPresent() && own.get().allowed()) {
            return own.get();
        }
        Decision other = next.get();
        if (other.allowed() || own.isEmpty()) {
            return other;
        }
        String reasons = Stream.of(own.get().reason(), other.reason())
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.joining("\n"));
        return no(reasons);
    }

    @Override
    public Decision decidePath(User user, String verb, String path) {
        return next.decidePath(user, verb, path);
    }

    @Override
    public void checkGrant(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        node(user).ifPresent(node -> restriction.check(node, target, before, after));
        next.checkGrant(user, target, before, after);
    }

    /** @throws StatusException 403 where a node asks for a token that none of its Pods needs */
    void checkToken(User user, ObjectNode account, ObjectNode request) {
        node(user).ifPresent(node -> restriction.checkToken(node, account, request));
    }

    private Decision ofNode(
            String node, String verb, Resource resource, String namespace, String name, String subresource) {
        return switch (resource.qualifiedPlural()) {
            case "secrets", "configmaps" -> read(node, verb, resource, namespace, name, subresource);
            case "persistentvolumeclaims" ->
                verb.equals("get") || subresource.equals("status") && CHANGING.contains(verb)
                        ? related(node, graph.uses(node, resource.plural(), namespace, name))
                        : no("can only get individual resources of this type");
            case "persistentvolumes" ->
                verb.equals("get") && subresource.isEmpty()
                        ? related(node, graph.usesVolume(node, name))
                        : no("can only get individual resources of this type");
            case "serviceaccounts" ->
                verb.equals("create") && subresource.equals("token") || verb.equals("get") && subresource.isEmpty()
                        ? related(node, graph.uses(node, resource.plural(), namespace, name))
                        : no("can only create tokens for individual service accounts");
            case "leases.coordination.k8s.io" -> lease(node, verb, namespace, name);
            case "csinodes.storage.k8s.io" ->
                verb.equals("create") || name.equals(node)
                        ? allowed(!verb.equals("list") && !verb.equals("watch"))
                        : no("can only access CSINode with the same name as the requesting node");
            case "nodes" -> ofNodes(node, verb, name, subresource);
            case "pods" -> ofPods(node, verb, namespace, name, subresource);
            default -> allowed(RULES.stream().anyMatch(rule -> Rule.allows(rule, verb, resource, name, subresource)));
        };
    }

    private Decision read(
            String node, String verb, Resource resource, String namespace, String name, String subresource) {
        if (!READING.contains(verb)) {
            return no("can only read resources of this type");
        }
        if (!subresource.isEmpty()) {
            return no("cannot read subresource");
        }
        if (namespace.isEmpty()) {
            return no("can only read namespaced object of this type");
        }
        if (name.isEmpty()) {
            return no("No Object name found");
        }
        return related(node, graph.uses(node, resource.plural(), namespace, name));
    }

    private static Decision lease(String node, String verb, String namespace, String name) {
        if (!namespace.equals(LEASES)) {
            return no("can only access leases in the \"%s\" system namespace".formatted(LEASES));
        }
        if (verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection")) {
            return no("can only get, create, update, patch, or delete a node lease");
        }
        return verb.equals("create") || name.equals(node)
                ? Decision.ALLOWED
                : no("can only access node lease with the same name as the requesting node");
    }

    private static Decision ofNodes(String node, String verb, String name, String subresource) {
        if (subresource.equals("status")) {
            return allowed(CHANGING.contains(verb));
        }
        if (subresource.isEmpty() && READING.contains(verb)) {
            return name.equals(node)
                    ? Decision.ALLOWED
                    : no("node '%s' cannot read %s, only its own Node object"
                            .formatted(node, name.isEmpty() ? "all nodes" : "'" + name + "'"));
        }
        return allowed(subresource.isEmpty() && (verb.equals("create") || CHANGING.contains(verb)));
    }

    private Decision ofPods(String node, String verb, String namespace, String name, String subresource) {
        boolean its = !name.isEmpty() && graph.pod(node, namespace, name).isPresent();
        return switch (subresource) {
            case "" ->
                switch (verb) {
                    case "get" -> related(node, its);
                    case "create" -> Decision.ALLOWED;
                    case "delete" ->
                        its
                                ? Decision.ALLOWED
                                : no("node \"%s\" can only delete pods with spec.nodeName set to itself"
                                        .formatted(node));
                    case "list", "watch" ->
                        name.isEmpty()
                                ? no("can only list/watch pods with spec.nodeName field selector")
                                : related(node, its);
                    default -> Decision.DENIED;
                };
            case "status" -> allowed(CHANGING.contains(verb));
            case "eviction" ->
                its && verb.equals("create")
                        ? Decision.ALLOWED
                        : no("node \"%s\" can only evict pods with spec.nodeName set to itself".formatted(node));
            default -> Decision.DENIED;
        };
    }

    private static Decision related(String node, boolean is) {
        return is ? Decision.ALLOWED : no("no relationship found between node '%s' and this object".formatted(node));
    }

    private static Decision allowed(boolean is) {
        return is ? Decision.ALLOWED : Decision.DENIED;
    }

    private static Decision no(String reason) {
        return new Decision(false, reason);
    }

    private static List<JsonNode> rules() {
        try (InputStream in = NodeAuthorizer.class.getResourceAsStream("node-rules.json")) {
            return new JsonMapper().readTree(in).valueStream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
