package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Creates objects. */
final class Creation {
    /** How often a name is made from generateName before the request is refused. */
    private static final int NAME_ATTEMPTS = 8;

    private final Storage storage;
    private final Identity identity;
    private final Steps steps;

    Creation(Storage storage, Identity identity, Steps steps) {
        this.storage = storage;
        this.identity = identity;
        this.steps = steps;
    }

    /**
     * Stores a new object.
     *
     * @param target with the name "": the body brings it
     * @param origin how the body came
     * @return the object as stored, or for a dry run as it would be, without a resourceVersion
     * @throws StatusException 400 for a body that does not belong here, 404 for a missing namespace, 409 for a taken
     *     name, 422 for an invalid object, 403 from admission
     */
    ObjectNode create(User user, Target target, ObjectNode body, WriteOptions options, Write.Origin origin) {
        if (target.resource().namespaced() && target.namespace().isEmpty()) {
            throw StatusException.badRequest("an empty namespace may not be set during creation");
        }
        ObjectNode object = identity.matched(target, body);
        if (!Meta.resourceVersion(object).isEmpty()
                && !options.dryRun()) { // the store says so, which a dry run never asks
            throw StatusException.of(Reason.UNKNOWN, "resourceVersion should not be set on objects to be created");
        }
        boolean generated = Meta.name(object).isEmpty();
        for (int attempt = 1; ; attempt++) {
            String name = identity.name(target.resource(), object);
            Target named = Target.of(target.resource(), target.namespace(), name);
            ObjectNode after = object.deepCopy();
            Meta.writable(after).put("name", name);
            Optional<ObjectNode> created = attempt(new Write(user, named, options, origin, Optional.empty(), after));
            if (created.isPresent()) {
                options.created().run();
                return created.get();
            }
            if (!generated) {
                throw StatusException.alreadyExists(named);
            }
            if (attempt == NAME_ATTEMPTS) {
                throw Identity.noFreeName(named);
            }
        }
    }

    /** Empty when the name is taken. */
    private Optional<ObjectNode> attempt(Write write) {
        boolean stored = false;
        try {
            steps.run(write);
            if (write.options().dryRun()) {
                return storage.get(write.target()).isPresent() ? Optional.empty() : Optional.of(write.after());
            }
            Optional<ObjectNode> created = storage.write(write.target(), 0, write.after());
            stored = created.isPresent();
            return created;
        } finally {
            write.settled(stored);
        }
    }
}
