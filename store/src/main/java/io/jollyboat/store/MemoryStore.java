package io.jollyboat.store;

import java.util.Optional;

/** A store that keeps nothing: the fake for tests and simulations, and the memory half of the real one. */
public final class MemoryStore implements Store {
    private final Engine engine;
    private boolean closed; // guarded by this, which also lets one write happen at a time

    public MemoryStore() {
        this(History.Limits.DEFAULT);
    }

    MemoryStore(History.Limits limits) {
        engine = new Engine(limits, Version.first(0, Tree.EMPTY));
    }

    @Override
    public long revision() {
        return engine.latest().revision();
    }

    @Override
    public long compacted() {
        return engine.history().compacted();
    }

    @Override
    public Optional<Entry> get(String key) {
        return engine.latest().entries().get(key);
    }

    @Override
    public Range range(String prefix, String start, int limit, long revision) {
        return engine.range(prefix, start, limit, revision);
    }

    @Override
    public Outcome write(String key, long expected, Optional<byte[]> value) {
        Engine.check(key, value);
        synchronized (this) {
            if (closed) {
                throw new StoreException("the store is closed");
            }
            Draft draft = new Draft(engine.latest());
            Outcome outcome = draft.write(key, expected, value);
            engine.publish(draft.versions());
            return outcome;
        }
    }

    @Override
    public Changes watch(String prefix, long after) {
        return engine.watch(prefix, after);
    }

    @Override
    public void compact(long revision) {
        engine.history().compact(revision);
    }

    @Override
    public synchronized void close() {
        closed = true;
        engine.close();
    }
}
