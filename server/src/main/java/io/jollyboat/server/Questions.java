package io.jollyboat.server;

import io.jollyboat.api.Meta;
import java.util.Optional;
import java.util.Set;

/**
 * Kinds whose objects are questions and are not stored: they go the first part of the way of what is, up to the owners of
 * their fields, and are answered then.
 */
final class Questions {
    private static final Set<String> OURS =
            Set.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink");

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
}
