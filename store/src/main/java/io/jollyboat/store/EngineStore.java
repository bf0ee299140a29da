package io.jollyboat.store;

import java.util.Optional;

/** The reading half that both stores share: everything is answered from memory. */
abstract sealed class EngineStore implements Store permits MemoryStore, LogStore {
    final Engine engine;

    EngineStore(Engine engine) {
        this.engine = engine;
    }

    @Override
    public final long revision() {
        return engine.latest().revision();
    }

    @Override
    public final long compacted() {
        return engine.history().compacted();
    }

    @Override
    public final Optional<Entry> get(String key) {
        return engine.latest().entries().get(key);
    }

    @Override
    public final Range range(String prefix, String start, int limit, long revision) {
        return engine.range(prefix, start, limit, revision);
    }

    @Override
    public final Changes watch(String prefix, long after) {
        return engine.watch(prefix, after);
    }

    @Override
    public final Changes watch(String prefix, long after, Topics topics, String topic) {
        return engine.watch(prefix, after, topics, topic);
    }

    @Override
    public final void compact(long revision) {
        engine.history().compact(revision);
    }
}
