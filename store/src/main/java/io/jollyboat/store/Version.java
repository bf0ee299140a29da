package io.jollyboat.store;

import io.jollyboat.store.Changes.Change;
import io.jollyboat.store.Store.Entry;
import java.util.Optional;
import java.util.Set;

/** The whole store as one write left it. */
final class Version {
    static final Change NO_CHANGE = new Change("", 0, Optional.empty(), Optional.empty());

    /** What a version costs beside key and value: its records, its topics and its own path of the tree, about ten nodes. */
    static final int OWN_BYTES = 512;

    private static final Told NOTHING = new Told(change -> Set.of(), Set.of());

    private final long revision;
    private final Tree entries;
    private final Change change;
    private volatile Told told = NOTHING;

    /** What some topics have said of the change. */
    private record Told(Topics by, Set<String> topics) {}

    /**
     * @param revision of the write
     * @param entries all that was there after it
     * @param change what it changed; {@link #NO_CHANGE} in the version that a store begins with
     */
    Version(long revision, Tree entries, Change change) {
        this.revision = revision;
        this.entries = entries;
        this.change = change;
    }

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

    long revision() {
        return revision;
    }

    Tree entries() {
        return entries;
    }

    Change change() {
        return change;
    }

    /** What the change is about. It is asked once: a thousand watchers that come back must not read it anew each. */
    Set<String> topics(Topics by) {
        Told known = told;
        if (!known.by.equals(by)) {
            known = new Told(by, by.of(change));
            told = known;
        }
        return known.topics;
    }

    /** About how much memory it holds that no other version needs. */
    long bytes() {
        return OWN_BYTES
                + change.key().length()
                + change.bytes().map(b -> b.length).orElse(0);
    }
}
