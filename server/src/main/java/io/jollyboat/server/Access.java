package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.selectors.FieldSelector;
import java.util.Set;

/** The first step of every request: whether this user may do that. */
final class Access {
    private static final Set<String> OF_MANY = Set.of("list", "watch", "deletecollection");

    private final User user;
    private final Authorizer authorizer;

    Access(User user, Authorizer authorizer) {
        this.user = user;
        this.authorizer = authorizer;
    }

    /** For requests that were let in already: only what a kind does not offer is refused. */
    static Access granted(User user) {
        return new Access(user, Authorizer.allowAll());
    }

    /** @throws StatusException 403 in Kubernetes' words */
    void check(String verb, Resource resource, String namespace) {
        check(verb, Target.of(resource, namespace, ""));
    }

    /**
     * Of a list, a watch or a deletion of many: who reads one name alone needs no more than the right to that one.
     *
     * @throws StatusException 403 in Kubernetes' words
     */
    void check(String verb, Resource resource, String namespace, String fieldSelector) {
        FieldSelector fields = Selection.understood(fieldSelector);
        String name = verb.equals("deletecollection") ? "" : Selection.name(fields);
        Target target = Target.of(resource, namespace, name);
        conclude(verb, target, authorizer.decideMany(user, verb, resource, namespace, target.name(), fields));
    }

    /** @throws StatusException 403 in Kubernetes' words, 405 for a verb that the kind does not have */
    void check(String verb, Target target) {
        String namespace = namespace(verb, target);
        conclude(
                verb,
                target,
                authorizer.decide(user, verb, target.resource(), namespace, target.name(), target.subresource()));
    }

    private void conclude(String verb, Target target, Authorizer.Decision decision) {
        if (!decision.allowed()) {
            throw refused(verb, target, decision.reason());
        }
        if (!offers(target, verb)) {
            throw StatusException.of(
                    Reason.METHOD_NOT_ALLOWED, "the server does not allow this method on the requested resource");
        }
    }

    /** @throws StatusException 403 in Kubernetes' words */
    void checkPath(String verb, String path) {
        Authorizer.Decision decision = authorizer.decidePath(user, verb, path);
        if (!decision.allowed()) {
            String detail = "User \"%s\" cannot %s path \"%s\"".formatted(user.name(), verb, path);
            throw StatusException.of(Reason.FORBIDDEN, "forbidden: " + reasoned(detail, decision.reason()));
        }
    }

    /** A Namespace counts as lying in itself, so that who has rights in it may also be given it to read. */
    private static String namespace(String verb, Target target) {
        boolean inItself = target.resource().qualifiedPlural().equals("namespaces") && !OF_MANY.contains(verb);
        return inItself ? target.name() : target.namespace();
    }

    private static boolean offers(Target target, String verb) {
        return target.subresource().isEmpty()
                ? target.resource().verbs().contains(verb)
                : target.resource().subresources().stream()
                        .anyMatch(s -> s.name().equals(target.subresource())
                                && s.verbs().contains(verb));
    }

    private StatusException refused(String verb, Target target, String reason) {
        Resource resource = target.resource();
        String what =
                target.subresource().isEmpty() ? resource.plural() : resource.plural() + "/" + target.subresource();
        String namespace = namespace(verb, target);
        String scope = namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
        String detail = "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
                .formatted(user.name(), verb, what, resource.group(), scope);
        return StatusException.forbidden(target, reasoned(detail, reason));
    }

    private static String reasoned(String detail, String reason) {
        return reason.isEmpty() ? detail : detail + ": " + reason;
    }
}
