package io.jollyboat.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What a mirror holds at one moment. It never changes, and may be read by anybody. */
public final class Snapshot<T> {
    private final PersistentMap<Key, T> objects;
    private final Map<Index<T>, PersistentMap<String, PersistentMap<Key, T>>> indexes;
    private final long revision;

    private Snapshot(
            PersistentMap<Key, T> objects,
            Map<Index<T>, PersistentMap<String, PersistentMap<Key, T>>> indexes,
            long revision) {
        this.objects = objects;
        this.indexes = indexes;
        this.revision = revision;
    }

    static <T> Snapshot<T> empty(List<Index<T>> indexes) {
        Map<Index<T>, PersistentMap<String, PersistentMap<Key, T>>> none = new HashMap<>();
        for (Index<T> index : indexes) {
            none.put(index, PersistentMap.empty());
        }
        return new Snapshot<>(PersistentMap.empty(), none, 0);
    }

    public Optional<T> get(Key key) {
        return objects.get(key);
    }

    /** All objects, in no particular order. */
    public Collection<T> all() {
        return objects.values();
    }

    /**
     * The objects that an index finds under a value, in no particular order.
     *
     * @throws IllegalArgumentException when the mirror was made without that index
     */
    public Collection<T> in(Index<T> index, String value) {
        PersistentMap<String, PersistentMap<Key, T>> entries = indexes.get(index);
        if (entries == null) {
            throw new IllegalArgumentException("this mirror has no index " + index.name());
        }
        return entries.get(value).map(PersistentMap::values).orElse(List.of());
    }

    public void forEach(BiConsumer<Key, T> visitor) {
        objects.forEach(visitor);
    }

    public int size() {
        return objects.size();
    }

    /**
     * The revision of the last change that this snapshot shows. Who has written an object at some revision finds the
     * write in every snapshot of at least that revision (KEP-5504: resource versions can be compared).
     */
    public long revision() {
        return revision;
    }

    Snapshot<T> at(long newRevision) {
        return new Snapshot<>(objects, indexes, newRevision);
    }

    Snapshot<T> with(Key key, T object, long newRevision) {
        return new Snapshot<>(objects.put(key, object), reindexed(key, values(key), Optional.of(object)), newRevision);
    }

    Snapshot<T> without(Key key, long newRevision) {
        return new Snapshot<>(objects.remove(key), reindexed(key, values(key), Optional.empty()), newRevision);
    }

    private Map<Index<T>, Collection<String>> values(Key key) {
        Map<Index<T>, Collection<String>> found = new HashMap<>();
        objects.get(key)
                .ifPresent(old -> indexes.keySet()
                        .forEach(index -> found.put(index, index.values().apply(old))));
        return found;
    }

    private Map<Index<T>, PersistentMap<String, PersistentMap<Key, T>>> reindexed(
            Key key, Map<Index<T>, Collection<String>> before, Optional<T> object) {
        Map<Index<T>, PersistentMap<String, PersistentMap<Key, T>>> changed = new HashMap<>();
        indexes.forEach((index, entries) -> {
            Collection<String> old = before.getOrDefault(index, Set.of());
            PersistentMap<String, PersistentMap<Key, T>> next = entries;
            Collection<String> values = object.isPresent() ? index.values().apply(object.get()) : Set.<String>of();
            for (String value : old) {
                if (!values.contains(value)) {
                    next = removed(next, value, key);
                }
            }
            for (String value : values) {
                next = next.put(
                        value, next.get(value).orElseGet(PersistentMap::empty).put(key, object.orElseThrow()));
            }
            changed.put(index, next);
        });
        return changed;
    }

    private static <T> PersistentMap<String, PersistentMap<Key, T>> removed(
            PersistentMap<String, PersistentMap<Key, T>> entries, String value, Key key) {
        PersistentMap<Key, T> rest =
                entries.get(value).orElseGet(PersistentMap::empty).remove(key);
        return rest.size() == 0 ? entries.remove(value) : entries.put(value, rest);
    }
}
