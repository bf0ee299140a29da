package io.jollyboat.server;

import io.jollyboat.store.Changes;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.store.Store;
import java.util.Optional;

/** A store that is written so fast that what a reader has just been shown is forgotten before he can follow it. */
final class ForgetfulStore implements Store {
    private static final String ELSEWHERE = "/elsewhere";

    private final Store store = new MemoryStore();
    private int times;

    /** Forgets behind the next ranges that are read. */
    void forgetBehind(int ranges) {
        times = ranges;
    }

    @Override
    public Range range(String prefix, String start, int limit, long revision) {
        Range shown = store.range(prefix, start, limit, revision);
        if (times > 0) {
            times--;
            long before = store.get(ELSEWHERE).map(Entry::revision).orElse(0L);
            store.write(ELSEWHERE, before, Optional.of(new byte[1]));
            store.compact(store.revision());
        }
        return shown;
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
