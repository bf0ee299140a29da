package io.jollyboat.client;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps a snapshot of one kind up to date: lists it once, then watches it. Each object is projected to what its
 * readers need, so that the mirror stays small.
 *
 * <p>A watch that ends is resumed after the last revision seen. Where the server has forgotten that revision
 * ({@code Expired}), the kind is listed again and the difference told as changes. Other failures are tried again
 * after a growing delay; the snapshot stays as it was.
 *
 * <p>{@link #poll} does one step, so tests decide when the mirror learns something; {@link #run} is the body of a task.
 * Only one of them, and only one thread, drives a mirror.
 */
public final class Mirror<T> implements AutoCloseable {
    public static final Duration FIRST_DELAY = Duration.ofMillis(50);
    public static final Duration LONGEST_DELAY = Duration.ofSeconds(10);
    private static final int PAGE = 500;
    private static final int MOST_DOUBLINGS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final System.Logger LOG = System.getLogger(Mirror.class.getName());

    /**
     * What to mirror.
     *
     * @param namespace "" for all; likewise the selectors
     */
    public record Source(Resource resource, String namespace, String labelSelector, String fieldSelector) {
        public static Source all(Resource resource) {
            return new Source(resource, "", "", "");
        }

        public Source withFields(String selector) {
            return new Source(resource, namespace, labelSelector, selector);
        }

        public Source withLabels(String selector) {
            return new Source(resource, namespace, selector, fieldSelector);
        }
    }

    private final Api api;
    private final World world;
    private final Source source;
    private final Function<ObjectNode, T> projection;

    private final ReentrantLock lock = new ReentrantLock(); // guards listeners, and changes against new listeners
    private final Condition nowSynced = lock.newCondition();
    private final List<Consumer<Change<T>>> listeners = new ArrayList<>();
    private volatile Snapshot<T> snapshot;
    private volatile boolean synced;
    private volatile boolean closed;
    private volatile @Nullable Watch watch;

    private boolean stale = true;
    private long opened;
    private int failures;
    private long notBefore;

    public Mirror(Api api, World world, Source source, Function<ObjectNode, T> projection, List<Index<T>> indexes) {
        this.api = api;
        this.world = world;
        this.source = source;
        this.projection = projection;
        this.snapshot = Snapshot.empty(indexes);
        this.notBefore = world.nanoTime();
    }

    public Resource resource() {
        return source.resource;
    }

    public Snapshot<T> snapshot() {
        return snapshot;
    }

    /** Whether the snapshot has once shown everything. */
    public boolean synced() {
        return synced;
    }

    /** Waits for the first complete snapshot. Returns also when the mirror is closed. */
    public void awaitSynced() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!synced && !closed) {
                nowSynced.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells a listener each change from now on, after the snapshot shows it; what is there already is told first as
     * added. An update that leaves the projection equal is no change. Listeners must be quick: they add keys to loops.
     */
    public void onChange(Consumer<Change<T>> listener) {
        lock.lock();
        try {
            snapshot.forEach((key, object) -> listener.accept(new Change.Added<>(key, object)));
            listeners.add(listener);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes one step: lists, or learns of one change, waiting for it at most so long.
     *
     * @return whether there was something to learn; false too while a failure is waited out
     */
    public boolean poll(Duration wait) throws InterruptedException {
        long pause = failures == 0 ? 0 : notBefore - world.nanoTime();
        if (pause > 0) {
            if (!wait.isZero()) {
                world.sleep(Duration.ofNanos(Math.min(pause, wait.toNanos())));
            }
            return false;
        }
        try {
            return step(wait);
        } catch (StatusException e) {
            boolean expired = e.is(Reason.EXPIRED) || e.is(Reason.GONE);
            endWatch();
            if (expired && !stale) {
                stale = true;
                return true;
            }
            failed(e);
        } catch (RuntimeException e) {
            endWatch();
            failed(e);
        }
        return false;
    }

    /** Follows the kind until it is closed or its task is cancelled. */
    public void run() {
        try {
            while (!closed) {
                poll(PATIENCE);
            }
        } catch (InterruptedException e) {
            close();
        }
    }

    /** Ends {@link #run} and the watch; the snapshot stays. */
    @Override
    public void close() {
        closed = true;
        endWatch();
        lock.lock();
        try {
            nowSynced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean step(Duration wait) throws InterruptedException {
        if (closed) {
            return false;
        }
        if (stale) {
            list();
            stale = false;
            failures = 0;
            return true;
        }
        Watch open = watch;
        if (open == null) {
            open = api.watch(
                    source.resource,
                    source.namespace,
                    new WatchOptions(
                            source.labelSelector,
                            source.fieldSelector,
                            Long.toUnsignedString(snapshot.revision()),
                            true,
                            false));
            watch = open;
            opened = world.nanoTime();
            if (closed) {
                endWatch();
                return false;
            }
        }
        Optional<WatchEvent> event = open.next(wait);
        if (event.isPresent()) {
            failures = 0;
            stale = true; // a change that cannot be taken in, for a bug in a projection, is made good by listing
            apply(event.get());
            stale = false;
            return true;
        }
        if (open.ended()) {
            endWatch();
            if (world.nanoTime() - opened < SHORT.toNanos()) {
                pause(); // or a server that ends every watch at once would keep us busy
            }
        }
        return false;
    }

    private void list() {
        Set<Key> seen = new HashSet<>();
        String next = "";
        ObjectList page;
        do {
            page = api.list(
                    source.resource,
                    source.namespace,
                    new ListOptions(source.labelSelector, source.fieldSelector, "", "", PAGE, next));
            for (ObjectNode object : page.items()) {
                Key key = Key.of(object);
                seen.add(key);
                put(key, object, snapshot.revision());
            }
            next = page.next();
        } while (!next.isEmpty());
        List<Key> gone = new ArrayList<>();
        snapshot.forEach((key, object) -> {
            if (!seen.contains(key)) {
                gone.add(key);
            }
        });
        gone.forEach(key -> remove(key, snapshot.revision()));
        lock.lock();
        try {
            snapshot = snapshot.at(Long.parseUnsignedLong(page.resourceVersion()));
            synced = true;
            nowSynced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void apply(WatchEvent event) {
        ObjectNode object = event.object();
        long revision = Long.parseUnsignedLong(
                object.path("metadata").path("resourceVersion").stringValue("0"));
        switch (event.type()) {
            case ADDED, MODIFIED -> put(Key.of(object), object, revision);
            case DELETED -> remove(Key.of(object), revision);
            case BOOKMARK -> snapshot = snapshot.at(revision);
        }
    }

    private void put(Key key, ObjectNode object, long revision) {
        T after = projection.apply(object);
        lock.lock();
        try {
            Optional<T> before = snapshot.get(key);
            if (before.isPresent() && before.get().equals(after)) {
                snapshot = snapshot.at(revision);
                return;
            }
            snapshot = snapshot.with(key, after, revision);
            tell(before.isPresent() ? new Change.Modified<>(key, before.get(), after) : new Change.Added<>(key, after));
        } finally {
            lock.unlock();
        }
    }

    private void remove(Key key, long revision) {
        lock.lock();
        try {
            Optional<T> before = snapshot.get(key);
            snapshot = snapshot.without(key, revision);
            before.ifPresent(object -> tell(new Change.Removed<>(key, object)));
        } finally {
            lock.unlock();
        }
    }

    private void tell(Change<T> change) {
        for (Consumer<Change<T>> listener : listeners) {
            listener.accept(change);
        }
    }

    private void failed(RuntimeException problem) {
        if (failures == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: cannot follow it, trying again: {1}",
                    source.resource,
                    problem.toString());
        }
        pause();
    }

    private void pause() {
        long nanos = FIRST_DELAY.toNanos() << Math.min(failures, MOST_DOUBLINGS);
        long limited = Math.min(nanos, LONGEST_DELAY.toNanos());
        notBefore = world.nanoTime() + limited / 2 + world.random().nextLong(limited / 2 + 1);
        failures++;
    }

    private void endWatch() {
        Watch open = watch;
        watch = null;
        if (open != null) {
            open.close();
        }
    }
}
