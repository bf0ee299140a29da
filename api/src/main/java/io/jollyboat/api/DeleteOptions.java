package io.jollyboat.api;

import java.util.Optional;

/**
 * How to delete.
 *
 * @param gracePeriodSeconds empty for the object's own
 * @param propagation empty for the kind's default
 * @param uid the object must have it, "" for any
 * @param resourceVersion the object must have it, "" for any
 */
public record DeleteOptions(
        Optional<Long> gracePeriodSeconds,
        Optional<Propagation> propagation,
        String uid,
        String resourceVersion,
        boolean dryRun) {
    /** What becomes of the objects that the deleted one owns. */
    public enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    public static final DeleteOptions DEFAULT = new DeleteOptions(Optional.empty(), Optional.empty(), "", "", false);

    public static DeleteOptions background() {
        return new DeleteOptions(Optional.empty(), Optional.of(Propagation.BACKGROUND), "", "", false);
    }

    /** At once, without a grace period. */
    public static DeleteOptions now() {
        return new DeleteOptions(Optional.of(0L), Optional.empty(), "", "", false);
    }

    public DeleteOptions withResourceVersion(String resourceVersion) {
        return new DeleteOptions(gracePeriodSeconds, propagation, uid, resourceVersion, dryRun);
    }

    public DeleteOptions withUid(String uid) {
        return new DeleteOptions(gracePeriodSeconds, propagation, uid, resourceVersion, dryRun);
    }
}
