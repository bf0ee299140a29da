package io.jollyboat.network;

import io.jollyboat.client.Key;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells when the table no longer leads new connections to an address. Only an endpoint that ends counts as left: one
 * that is not ready yet, or that is wanted whether ready or not, says nothing of the deletion of its Pod.
 */
public final class Departures implements AutoCloseable {
    private final World world;
    private final LiveTable table;
    private final TableListener listener = this::note;
    private final ReentrantLock lock = new ReentrantLock(); // guards changes
    private final Condition changed = lock.newCondition();
    private long changes;

    public Departures(World world, LiveTable table) {
        this.world = world;
        this.table = table;
        table.onChange(listener);
    }

    private void note(ServiceTable current, Set<Key> services) {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no Service of a namespace takes these addresses for a ready endpoint; every listener of the table has
     * heard of it then.
     *
     * @return false where one still does when the limit has passed
     */
    public boolean await(String namespace, Collection<String> addresses, Duration limit) throws InterruptedException {
        long deadline = world.nanoTime() + limit.toNanos();
        long seen = changes();
        List<Key> services = table.told().all().stream()
                .filter(route -> route.key().namespace().equals(namespace) && leads(route, addresses))
                .map(Route::key)
                .toList();
        while (leads(services, addresses)) {
            if (!awaitChange(seen, deadline)) {
                return false;
            }
            seen = changes();
        }
        return true;
    }

    private boolean leads(List<Key> services, Collection<String> addresses) {
        ServiceTable now = table.told();
        return services.stream()
                .flatMap(service -> now.get(service).stream())
                .anyMatch(route -> leads(route, addresses));
    }

    private static boolean leads(Route route, Collection<String> addresses) {
        return route.endpoints().stream()
                .anyMatch(endpoint ->
                        endpoint.ready() && !endpoint.terminating() && addresses.contains(endpoint.address()));
    }

    private long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there were more changes than that; false at the deadline. */
    private boolean awaitChange(long seen, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = deadline - world.nanoTime();
            while (changes == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
            return left > 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        table.remove(listener);
    }
}
