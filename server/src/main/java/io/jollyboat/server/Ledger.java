package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.quota.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is taken, and what is about to be. A write that takes something reserves it, goes to the store and lets the
 * reservation go when it has ended, one way or the other; writes need not wait for each other where there is room for all.
 *
 * <p>Each write that takes something is in the store, or reserved, or for a moment both: never neither. So what does not
 * exceed a quota with all that is reserved cannot exceed it, and what exceeds it without is refused. What lies between
 * waits until one more reservation has ended, and is looked at again.
 */
final class Ledger {
    /** So many kinds of so many namespaces are kept counted; the one that was not asked for longest is counted anew. */
    private static final int KEPT = 32;

    private final Storage storage;
    private final ReentrantLock lock = new ReentrantLock(); // guards the fields below
    private final Condition ended = lock.newCondition();
    private final SequencedMap<String, Taken> counted = new LinkedHashMap<>(KEPT, 0.75f, true);
    private final Map<String, List<Usage>> reserved = new HashMap<>();

    Ledger(Storage storage) {
        this.storage = storage;
    }

    /** Says whether there is room. */
    @FunctionalInterface
    interface Room {
        /**
         * @param stored what the objects that are there take
         * @param reserved what writes take that have not ended
         * @return false when that depends on what becomes of those writes
         * @throws StatusException when there is none in any case
         */
        boolean isThere(List<Usage> stored, List<Usage> reserved);
    }

    /**
     * Reserves what a write takes, as soon as there is room.
     *
     * @return to be called once, when the write has ended
     * @throws StatusException when there is no room
     */
    Runnable reserve(Resource resource, String namespace, Usage growth, Room room) {
        String key = namespace + "/" + resource.qualifiedPlural();
        lock.lock();
        try {
            while (!room.isThere(taken(key, resource, namespace).now(), reserved.getOrDefault(key, List.of()))) {
                ended.awaitUninterruptibly();
            }
            reserved.computeIfAbsent(key, each -> new ArrayList<>()).add(growth);
        } finally {
            lock.unlock();
        }
        return () -> release(key, growth);
    }

    private Taken taken(String key, Resource resource, String namespace) {
        Taken taken = counted.computeIfAbsent(key, each -> new Taken(storage, resource, namespace));
        if (counted.size() > KEPT) {
            counted.pollFirstEntry().getValue().close();
        }
        return taken;
    }

    private void release(String key, Usage growth) {
        lock.lock();
        try {
            reserved.computeIfPresent(key, (each, usages) -> usages.remove(growth) && usages.isEmpty() ? null : usages);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
