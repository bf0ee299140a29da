package io.jollyboat.server;

import io.jollyboat.store.Changes;
import io.jollyboat.store.Store;
import java.util.Optional;

/** A store that hands everything on to another one: for fakes that do one thing differently. */
abstract class WrappedStore implements Store {
    final Store store;

    WrappedStore(Store store) {
        this.store = store;
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compacted() {
        return store.compacted();
    }

    @Override
    public Optional<Entry> get(String key) {
        return store.get(key);
    }

    @Override
    public Range range(String prefix, String start, int limit, long revision) {
        return store.range(prefix, start, limit, revision);
    }

    @Override
    public Outcome write(String key, long expected, Optional<byte[]> value) {
        return store.write(key, expected, value);
    }

    @Override
    public Changes watch(String prefix, long after) {
        return store.watch(prefix, after);
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public void close() {
        store.close();
    }
}
