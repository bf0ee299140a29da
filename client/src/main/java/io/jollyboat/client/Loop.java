package io.jollyboat.client;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A queue of keys that somebody has to look at, and the loop that hands them to a handler one after another.
 *
 * <p>A key is in the queue at most once, so the queue is never longer than there are objects. A key that is added
 * while it is being handled is handled again. A key whose handler threw comes back after a delay that doubles from
 * {@link #FIRST_DELAY} to {@link #LONGEST_DELAY}; success forgets the count.
 *
 * <p>{@link #poll} does one step and never waits, so tests decide the order of everything; {@link #run} is the body
 * of a task that waits for keys.
 */
public final class Loop<K> implements AutoCloseable {
    public static final Duration FIRST_DELAY = Duration.ofMillis(10);
    public static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    /** No key is put off for longer, whatever is asked for. */
    static final Duration LATEST = Duration.ofDays(365);

    private static final int MOST_DOUBLINGS = 20;
    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    /** Looks at one key and does what is to be done; an exception brings the key back later. */
    public interface Handler<K> {
        void handle(K key) throws InterruptedException;
    }

    private final World world;
    private final String name;
    private final Handler<K> handler;
    private final ReentrantLock lock = new ReentrantLock(); // guards everything below
    private final Condition changed = lock.newCondition();
    private final LinkedHashSet<K> ready = new LinkedHashSet<>();
    private final Map<K, Due<K>> delayed = new HashMap<>();
    private final TreeSet<Due<K>> order =
            new TreeSet<>(Comparator.comparingLong((Due<K> due) -> due.after).thenComparingLong(due -> due.number));
    private final Map<K, Failures> failures = new HashMap<>();
    private final long origin;
    private long numbers;
    private @Nullable Task timer;
    private long timerAfter;
    private boolean closed;

    /**
     * @param name for logs and thread dumps
     */
    public Loop(World world, String name, Handler<K> handler) {
        this.world = world;
        this.name = name;
        this.handler = handler;
        this.origin = world.nanoTime();
    }

    public String name() {
        return name;
    }

    /** Has the key handled soon; nothing changes when it is waiting already. */
    public void add(K key) {
        lock.lock();
        try {
            if (!closed && ready.add(key)) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the key handled after a delay, or earlier when an earlier time was asked for before. */
    public void addAfter(K key, Duration delay) {
        if (delay.isNegative() || delay.isZero()) {
            add(key);
            return;
        }
        lock.lock();
        try {
            long after = elapsed() + (delay.compareTo(LATEST) < 0 ? delay : LATEST).toNanos();
            Due<K> present = delayed.get(key);
            if (closed || present != null && present.after <= after) {
                return;
            }
            if (present != null) {
                order.remove(present);
            }
            Due<K> due = new Due<>(key, after, numbers++);
            delayed.put(key, due);
            order.add(due);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Handles one key that is due; false when there is none. */
    public boolean poll() throws InterruptedException {
        K key;
        lock.lock();
        try {
            key = next();
        } finally {
            lock.unlock();
        }
        if (key == null) {
            return false;
        }
        handle(key);
        return true;
    }

    /** How long until a key is due: zero for now, empty when no key waits. */
    public Optional<Duration> untilNext() {
        lock.lock();
        try {
            if (!ready.isEmpty()) {
                return Optional.of(Duration.ZERO);
            }
            return order.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(Math.max(0, order.first().after - elapsed())));
        } finally {
            lock.unlock();
        }
    }

    /** Handles keys until it is closed or its task is cancelled. */
    public void run() {
        try {
            for (K key = take(); key != null; key = take()) {
                handle(key);
            }
        } catch (InterruptedException e) {
            close();
        }
    }

    /** Ends {@link #run} after the key that it is handling, and forgets all keys. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ready.clear();
            delayed.clear();
            order.clear();
            cancelTimer();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void handle(K key) throws InterruptedException {
        try {
            handler.handle(key);
            lock.lock();
            try {
                failures.remove(key);
            } finally {
                lock.unlock();
            }
        } catch (RuntimeException e) {
            retry(key, e);
        }
    }

    private void retry(K key, RuntimeException problem) {
        String message = String.valueOf(problem.getMessage());
        int count;
        boolean news;
        lock.lock();
        try {
            Failures before = failures.getOrDefault(key, new Failures(0, ""));
            count = Math.min(before.count, MOST_DOUBLINGS);
            news = !before.message.equals(message);
            failures.put(key, new Failures(count + 1, message));
        } finally {
            lock.unlock();
        }
        boolean conflict = problem instanceof StatusException status && status.is(Reason.CONFLICT);
        if (news && !conflict) {
            if (problem instanceof StatusException) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}: {2}", key, name, message);
            } else {
                LOG.log(System.Logger.Level.ERROR, key + ": " + name, problem);
            }
        }
        Duration delay = FIRST_DELAY.multipliedBy(1L << count);
        addAfter(key, delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY);
    }

    private @Nullable K take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                K key = next();
                if (key != null) {
                    return key;
                }
                setTimer();
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable K next() {
        long now = elapsed();
        while (!order.isEmpty() && order.first().after <= now) {
            Due<K> due = order.pollFirst();
            if (due != null) {
                delayed.remove(due.key);
                ready.add(due.key);
            }
        }
        return ready.isEmpty() ? null : ready.removeFirst();
    }

    /** Sleeping is the world's business, so a task of its own sleeps until the first delayed key is due. */
    private void setTimer() {
        if (order.isEmpty()) {
            return;
        }
        long after = order.first().after;
        if (timer != null && timerAfter <= after) {
            return;
        }
        cancelTimer();
        timerAfter = after;
        timer = world.start("timer of " + name, () -> ring(after));
    }

    private void ring(long after) {
        try {
            world.sleep(Duration.ofNanos(Math.max(1, after - elapsed())));
        } catch (InterruptedException e) {
            return; // an earlier timer took over, or the loop was closed
        }
        lock.lock();
        try {
            if (timerAfter == after) {
                timer = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private long elapsed() {
        return world.nanoTime() - origin;
    }

    private record Due<K>(K key, long after, long number) {}

    private record Failures(int count, String message) {}
}
