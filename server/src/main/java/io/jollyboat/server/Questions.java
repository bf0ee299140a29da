package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kinds whose objects are questions and are not stored: they go the first part of the way of what is, up to the owners of
 * their fields, and are answered then.
 */
final class Questions {
    private static final Set<String> OURS =
            Set.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink");

    private static final Resource TOKEN_REQUESTS = Resource.unserved("authentication.k8s.io", "v1", "TokenRequest");
    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);

    private final Identity identity;
    private final Fields fields;
    private final Owners owners;

    Questions(Identity identity, Fields fields, Owners owners) {
        this.identity = identity;
        this.fields = fields;
        this.owners = owners;
    }

    /** What becomes of a posted question. */
    Subresources.Action to(Answering answering) {
        return (user, target, body, options) -> {
            Write write = new Write(
                    user, target, options, Write.Origin.BODY, Optional.empty(), identity.matched(target, body));
            fields.take(write);
            Meta.writable(write.after()).remove(OURS);
            owners.take(write);
            return answering.answer(user, target.namespace(), write.after());
        };
    }

    /**
     * A TokenRequest as the issuer wants it.
     *
     * @param target the account, with the subresource {@code token}
     * @throws StatusException 400 for another namespace, 422 for another name than the account's
     */
    ObjectNode tokenRequest(Target target, ObjectNode body, WriteOptions options) {
        ObjectNode request = body.deepCopy();
        ObjectNode metadata = Meta.writable(request);
        Identity.checkNamespace(target, Meta.namespace(request));
        if (!Meta.name(request).isEmpty() && !Meta.name(request).equals(target.name())) {
            String detail = "Invalid value: \"%s\": must match the service account name if specified";
            throw StatusException.invalid(
                    TOKEN_REQUESTS,
                    target.name(),
                    List.of(new Cause("FieldValueInvalid", detail.formatted(Meta.name(request)), "metadata.name")));
        }
        metadata.remove(Set.of("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        ObjectNode spec = request.withObjectProperty("spec");
        if (!spec.hasNonNull("expirationSeconds")) {
            spec.put("expirationSeconds", DEFAULT_LIFE.toSeconds());
        }
        owners.own(request, TOKEN_REQUESTS, target.subresource(), options);
        return request;
    }
}
