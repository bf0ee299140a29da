package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.fields.ManagedFields;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Changes objects: every update, patch and write to a subresource ends here. */
final class Updating {
    static final String MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try again";
    /** How often a change without a resourceVersion is tried again when others write at the same time. */
    private static final int ATTEMPTS = 32;

    private final Storage storage;
    private final Identity identity;
    private final Steps steps;
    private final Creation creation;
    private final Aftermath aftermath;

    Updating(Storage storage, Identity identity, Steps steps, Creation creation, Aftermath aftermath) {
        this.storage = storage;
        this.identity = identity;
        this.steps = steps;
        this.creation = creation;
        this.aftermath = aftermath;
    }

    /** Makes of what is stored what shall be stored; asked again when another write came first. */
    @FunctionalInterface
    interface Proposal {
        /** @return a tree of the caller's own, based on {@code before}, which it may not change */
        ObjectNode from(ObjectNode before);
    }

    /**
     * Replaces an object (PUT).
     *
     * @throws StatusException 404, 409 for a stale resourceVersion or wrong uid, 422 for an invalid object, 400 for a
     *     body that does not belong here
     */
    ObjectNode replace(
            User user, Target target, ObjectNode body, WriteOptions options, Write.Origin origin, Runnable mayCreate) {
        ObjectNode object = identity.matched(target, body);
        String version = Meta.resourceVersion(object);
        boolean unconditional = version.isEmpty() || version.equals("0");
        if (unconditional && Traits.has(target.resource(), Trait.CONDITIONAL) && exists(target)) {
            throw StatusException.invalid(
                    target.resource(),
                    target.name(),
                    List.of(new Cause(
                            "FieldValueInvalid",
                            "Invalid value: 0: must be specified for an update",
                            "metadata.resourceVersion")));
        }
        if (target.subresource().isEmpty()
                && Traits.has(target.resource(), Trait.CREATE_ON_UPDATE)
                && !exists(target)) {
            Meta.writable(object).remove("resourceVersion");
            mayCreate.run();
            return creation.create(user, target, object, options, origin);
        }
        return change(user, target, options, origin, before -> object.deepCopy());
    }

    /**
     * Changes an object as {@code proposal} says, as often as needed when others write at the same time. A proposal
     * that names a resourceVersion other than the stored one is a conflict; one that names none is not.
     */
    ObjectNode change(User user, Target target, WriteOptions options, Write.Origin origin, Proposal proposal) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Storage.Found before = storage.get(target).orElseThrow(() -> StatusException.notFound(target));
            ObjectNode after = proposal.from(before.object());
            checkVersion(target, before, after);
            Optional<ObjectNode> changed = attempt(
                    new Write(user, target, options, origin, Optional.of(before.object()), after), before.revision());
            if (changed.isPresent()) {
                return changed.get();
            }
        }
        throw StatusException.conflict(target, MODIFIED);
    }

    private boolean exists(Target target) {
        return storage.get(target).isPresent();
    }

    private static void checkVersion(Target target, Storage.Found before, ObjectNode after) {
        String version = Meta.resourceVersion(after);
        if (version.isEmpty() || version.equals("0")) {
            return;
        }
        if (!version.matches("\\d{1,19}")) {
            throw StatusException.of(Reason.UNKNOWN, Revisions.notParsed(version));
        }
        if (Revisions.parse(version) != before.revision()) {
            throw StatusException.conflict(target, MODIFIED);
        }
    }

    /** Empty when another write came first. */
    private Optional<ObjectNode> attempt(Write write, long revision) {
        boolean stored = false;
        try {
            steps.run(write);
            ObjectNode before = write.before().orElseThrow();
            ObjectNode after = write.after();
            boolean ends = Finality.isOver(write.resource(), after);
            if (write.options().dryRun() || !ends && ManagedFields.nothingElseThanTimes(before, after)) {
                return Optional.of(write.options().dryRun() ? after : before);
            }
            if (ends) {
                stored = storage.delete(write.target(), revision).isPresent();
                if (stored) {
                    aftermath.deleted(write.target(), after); // what it lost besides is freed with the write
                }
                return stored ? Optional.of(after) : Optional.empty();
            }
            Optional<ObjectNode> changed = storage.write(write.target(), revision, after);
            stored = changed.isPresent();
            return changed;
        } finally {
            write.settled(stored);
        }
    }
}
