package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;

/** The first step of every request: whether this user may do that. */
final class Access {
    private final User user;
    private final Authorizer authorizer;

    Access(User user, Authorizer authorizer) {
        this.user = user;
        this.authorizer = authorizer;
    }

    /** @throws StatusException 403 in Kubernetes' words */
    void check(String verb, Resource resource, String namespace) {
        check(verb, Target.of(resource, namespace, ""));
    }

    /** @throws StatusException 403 in Kubernetes' words, 405 for a verb that the kind does not have */
    void check(String verb, Target target) {
        Authorizer.Decision decision = authorizer.decide(
                user, verb, target.resource(), target.namespace(), target.name(), target.subresource());
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
        if (!authorizer.decidePath(user, verb, path).allowed()) {
            throw StatusException.of(
                    Reason.FORBIDDEN,
                    "forbidden: User \"%s\" cannot %s path \"%s\"".formatted(user.name(), verb, path));
        }
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
        String scope = target.namespace().isEmpty()
                ? "at the cluster scope"
                : "in the namespace \"" + target.namespace() + "\"";
        String detail = "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
                .formatted(user.name(), verb, what, resource.group(), scope);
        return StatusException.forbidden(target, reason.isEmpty() ? detail : detail + ": " + reason);
    }
}
