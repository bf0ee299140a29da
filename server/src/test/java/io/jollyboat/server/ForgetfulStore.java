package io.jollyboat.server;

import io.jollyboat.store.MemoryStore;
import java.util.Optional;

/** A store that is written so fast that what a reader has just been shown is forgotten before he can follow it. */
final class ForgetfulStore extends WrappedStore {
    private static final String ELSEWHERE = "/elsewhere";

    private int times;

    ForgetfulStore() {
        super(new MemoryStore());
    }

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
}
