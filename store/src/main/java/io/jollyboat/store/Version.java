package io.jollyboat.store;

import io.jollyboat.store.Changes.Change;
import io.jollyboat.store.Store.Entry;
import java.util.Optional;

/**
 * The whole store as one write left it.
 *
 * @param revision of that write
 * @param entries all that was there after it
 * @param change what it changed; {@link #NO_CHANGE} in the version that a store begins with
 */
record Version(long revision, Tree entries, Change change) {
    static final Change NO_CHANGE = new Change("", 0, Optional.empty(), Optional.empty());

    /** What a version costs beside key and value: its records and its own path of the tree, about ten nodes. */
    private static final int OWN_BYTES = 512;

    /** The version that a store begins with, or goes on from. */
    static Version first(long revision, Tree entries) {
        return new Version(revision, entries, NO_CHANGE);
    }

    /** The version after one more write of a value, or of a deletion. */
    Version then(String key, Optional<byte[]> value) {
        long next = revision + 1;
        Tree after = value.isPresent() ? entries.with(new Entry(key, value.get(), next)) : entries.without(key);
        return new Version(next, after, new Change(key, next, value, entries.get(key)));
    }

    /** About how much memory it holds that no other version needs. */
    long bytes() {
        return OWN_BYTES
                + change.key().length()
                + change.bytes().map(b -> b.length).orElse(0);
    }
}
