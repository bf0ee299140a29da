package io.jollyboat.store;

import java.util.Optional;

/** A store that keeps nothing: the fake for tests and simulations, and the memory half of the real one. */
public final class MemoryStore extends EngineStore {
    private boolean closed; // guarded by this, which also lets one write happen at a time

    public MemoryStore() {
        this(History.Limits.DEFAULT);
    }

    MemoryStore(History.Limits limits) {
        super(new Engine(new History(limits, Version.first(0, Tree.EMPTY))));
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
    public synchronized void close() {
        closed = true;
        engine.close();
    }
}
