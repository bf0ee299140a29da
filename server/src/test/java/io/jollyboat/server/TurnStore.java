package io.jollyboat.server;

import io.jollyboat.store.Changes;
import io.jollyboat.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A store at which actors pass their turns, before each call and after each write; watches are cut off by chance. */
final class TurnStore extends WrappedStore {
    /** One in so many looks at a watch finds it cut off. */
    private static final int CUTS = 60;

    private final Turns turns;

    TurnStore(Store store, Turns turns) {
        super(store);
        this.turns = turns;
    }

    @Override
    public long revision() {
        turns.pass();
        return store.revision();
    }

    @Override
    public Optional<Entry> get(String key) {
        turns.pass();
        return store.get(key);
    }

    @Override
    public Range range(String prefix, String start, int limit, long revision) {
        turns.pass();
        return store.range(prefix, start, limit, revision);
    }

    @Override
    public Outcome write(String key, long expected, Optional<byte[]> value) {
        turns.pass();
        Outcome outcome = store.write(key, expected, value);
        turns.pass();
        return outcome;
    }

    @Override
    public Changes watch(String prefix, long after) {
        turns.pass();
        return new Cut(store.watch(prefix, after));
    }

    @Override
    public void compact(long revision) {
        turns.pass();
        store.compact(revision);
    }

    private final class Cut implements Changes {
        private final Changes changes;
        private boolean cut;

        Cut(Changes changes) {
            this.changes = changes;
        }

        @Override
        public List<Change> next(Duration limit) throws InterruptedException {
            turns.pass();
            cut = cut || turns.random().nextInt(CUTS) == 0;
            return cut ? List.of() : changes.next(limit);
        }

        @Override
        public long seen() {
            return changes.seen();
        }

        @Override
        public boolean ended() {
            return cut || changes.ended();
        }

        @Override
        public void close() {
            changes.close();
        }
    }
}
