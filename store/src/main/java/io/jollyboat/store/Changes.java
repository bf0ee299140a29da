package io.jollyboat.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A stream of changes in the order of their revisions. A reader that falls too far behind is cut off. */
public interface Changes extends AutoCloseable {
    /**
     * One change. A deletion has no {@code bytes}; {@code previous} is what the key held before.
     *
     * @param revision of this change, also of a deletion
     */
    record Change(String key, long revision, Optional<byte[]> bytes, Optional<Store.Entry> previous) {
        /** What the key holds since; empty after a deletion. */
        public Optional<Store.Entry> entry() {
            return bytes.map(value -> new Store.Entry(key, value, revision));
        }
    }

    /**
     * Waits at most {@code limit} for changes; an empty list when none came or the stream has ended. A write that had
     * returned before is not waited for: until it has been handed out the list is not empty. One thread at a time may
     * call it.
     */
    List<Change> next(Duration limit) throws InterruptedException;

    /** Every change under the prefix up to and including this revision has been handed out. */
    long seen();

    /** True when nothing more will come: cut off as too slow, or the store was closed. */
    boolean ended();

    @Override
    void close();
}
