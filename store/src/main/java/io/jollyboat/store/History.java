package io.jollyboat.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest versions of the store, as many as the limits allow; when they overflow the oldest is forgotten.
 *
 * <p>Revisions have no gaps, so version {@code r} lies in slot {@code r % slots} of a ring, and readers need no lock:
 * they look into the slot and see by the revision there whether it still holds what they want. Example, ring of 4:
 * <pre>
 *     slot      0    1    2    3
 *     holds     r8   r5   r6   r7      latest() = r8, compacted() = 5
 * </pre>
 * {@code find(6)} is in slot 2; {@code find(4)} finds r8 in slot 0 and so knows that r4 is forgotten. The oldest, r5, is
 * still a state that can be read, but its change is not handed out any more: that would need r4 before it.
 */
final class History {
    /**
     * What is kept of the past.
     *
     * @param changes at most so many
     * @param bytes at most about so many, counted with keys, values and overhead; one change is always kept
     */
    record Limits(int changes, long bytes) {
        /** In this share of the largest heap a big cluster's changes of a minute have room; docs/decisions/0012. */
        private static final int SHARE = 16;

        private static final long LEAST_BYTES = 16L << 20;
        static final Limits DEFAULT = of(Runtime.getRuntime().maxMemory());

        /** Those of a heap that may grow to so many bytes. */
        static Limits of(long heap) {
            long bytes = Math.max(LEAST_BYTES, heap / SHARE);
            return new Limits((int) Math.min(bytes / Version.OWN_BYTES, Integer.MAX_VALUE), bytes);
        }
    }

    private static final int FIRST_SLOTS = 64;

    private final Limits limits;
    private volatile AtomicReferenceArray<Version> ring = new AtomicReferenceArray<>(FIRST_SLOTS);
    private volatile long compacted;
    private volatile Version latest;
    private long bytes; // of the versions after compacted; guarded by this

    History(Limits limits, Version first) {
        this.limits = limits;
        this.compacted = first.revision();
        this.latest = first;
        put(ring, first);
    }

    Version latest() {
        return latest;
    }

    /** The oldest revision whose state is known. */
    long compacted() {
        return compacted;
    }

    /** The version of a revision; empty when it is forgotten or yet to come. */
    Optional<Version> find(long revision) {
        if (revision > latest.revision()) {
            return Optional.empty();
        }
        AtomicReferenceArray<Version> slots = ring;
        Version found = slots.get((int) (revision % slots.length()));
        return found != null && found.revision() == revision ? Optional.of(found) : Optional.empty();
    }

    /** Adds the version that follows the latest. */
    synchronized void add(Version version) {
        if (version.revision() - compacted >= ring.length()) {
            grow();
        }
        put(ring, version);
        bytes += version.bytes();
        latest = version;
        while (overflows()) {
            forgetOldest();
        }
    }

    /** Forgets what is older than {@code revision}; the latest version always stays. */
    synchronized void compact(long revision) {
        long until = Math.min(revision, latest.revision());
        while (compacted < until) {
            forgetOldest();
        }
    }

    private boolean overflows() {
        long changes = latest.revision() - compacted;
        return changes > limits.changes() || (bytes > limits.bytes() && changes > 1);
    }

    private void forgetOldest() {
        AtomicReferenceArray<Version> slots = ring;
        long forgotten = compacted;
        bytes -= slots.get((int) ((forgotten + 1) % slots.length())).bytes();
        compacted = forgotten + 1;
        slots.set((int) (forgotten % slots.length()), null);
    }

    private void grow() {
        AtomicReferenceArray<Version> old = ring;
        AtomicReferenceArray<Version> wider = new AtomicReferenceArray<>(old.length() * 2);
        for (long revision = compacted; revision <= latest.revision(); revision++) {
            put(wider, old.get((int) (revision % old.length())));
        }
        ring = wider;
    }

    private static void put(AtomicReferenceArray<Version> slots, Version version) {
        slots.set((int) (version.revision() % slots.length()), version);
    }
}
