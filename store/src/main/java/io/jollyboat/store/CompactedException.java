package io.jollyboat.store;

/** A revision was asked for that is no longer known. */
public final class CompactedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long compacted;

    public CompactedException(long asked, long compacted) {
        super("revision " + asked + " was compacted; the oldest known is " + compacted);
        this.compacted = compacted;
    }

    /** The oldest revision that is still known. */
    public long compacted() {
        return compacted;
    }
}
