package io.jollyboat.store;

import io.jollyboat.store.Store.Entry;
import io.jollyboat.store.Store.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes that were decided and are not visible yet. A draft begins with a version of the store, each write sees the
 * ones before it, and the versions that come out are published together or not at all.
 */
final class Draft {
    private final List<Version> versions = new ArrayList<>();
    private Version last;

    Draft(Version start) {
        last = start;
    }

    /** Decides one write; see {@link Store#write}. */
    Outcome write(String key, long expected, Optional<byte[]> value) {
        Optional<Entry> present = last.entries().get(key);
        boolean nothingToDelete = present.isEmpty() && value.isEmpty();
        if (nothingToDelete || present.map(Entry::revision).orElse(0L) != expected) {
            return new Outcome.Refused(present);
        }
        last = last.then(key, value);
        versions.add(last);
        return new Outcome.Written(last.revision());
    }

    /** The new versions, in order; empty when every write was refused. */
    List<Version> versions() {
        return versions;
    }
}
