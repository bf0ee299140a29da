package io.jollyboat.store;

import io.jollyboat.store.Store.Outcome;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings writes from many threads to one. While the disk confirms one group of writes, the next gather; so the disk is
 * asked once for each group, and a group is as large as there are writers. The one thread is also safe from the
 * interrupts of callers, which would close the file under it.
 */
final class Committer {
    /** At most so many writes make one group. */
    private static final int MAX_GROUP_WRITES = 1_000;
    /** A group of so many bytes takes no further write. With the largest write on top it still fits into one frame. */
    private static final int MAX_GROUP_BYTES = 4 << 20;

    private static final Duration CLOSING = Duration.ofSeconds(60);

    /** Decides a group of writes, makes it durable and visible, and answers each of them. */
    interface Group {
        void commit(List<Request> requests);
    }

    private final Group group;
    private final Task task;
    private final ReentrantLock lock = new ReentrantLock(); // guards the queues and closing
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Request> requests = new ArrayDeque<>(); // no longer than there are calling threads
    private final ArrayDeque<Runnable> errands = new ArrayDeque<>();
    private boolean closing;

    Committer(World world, Group group) {
        this.group = group;
        this.task = world.start("store writer", this::run);
    }

    /** One write that waits for its group. */
    record Request(String key, long expected, Optional<byte[]> value, CompletableFuture<Outcome> answer) {
        void fail(Throwable cause) {
            answer.completeExceptionally(cause);
        }

        int bytes() {
            return Frame.RECORD_HEAD + key.length() + value.map(v -> v.length).orElse(0);
        }
    }

    /**
     * Returns when the write is durable, or refused by something that is.
     *
     * @throws StoreException when it failed
     */
    Outcome write(String key, long expected, Optional<byte[]> value) {
        Request request = new Request(key, expected, value, new CompletableFuture<>());
        lock.lock();
        try {
            if (closing) {
                throw new StoreException("the store is closed");
            }
            requests.add(request);
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            return request.answer().join();
        } catch (CompletionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            throw new StoreException(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Lets the writing thread do something between two groups; it is not done when the store closes before. */
    void between(Runnable errand) {
        lock.lock();
        try {
            errands.add(errand);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends when all writes that have begun are answered. */
    void close() throws InterruptedException {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        if (!task.join(CLOSING)) {
            throw new StoreException(
                    "the disk has not answered for " + CLOSING.toSeconds() + " s; the store stays open");
        }
    }

    private void run() {
        try {
            List<Runnable> now = new ArrayList<>();
            List<Request> next = take(now);
            while (!next.isEmpty() || !now.isEmpty()) {
                now.forEach(Runnable::run);
                now.clear();
                if (!next.isEmpty()) {
                    commit(next);
                }
                next = take(now);
            }
        } finally {
            end();
        }
    }

    /** Nobody waits for a writer that is no more, whatever ended it. */
    private void end() {
        lock.lock();
        try {
            closing = true;
            requests.forEach(request -> request.fail(new StoreException("the store's writer has ended; start again")));
        } finally {
            lock.unlock();
        }
    }

    private void commit(List<Request> requests) {
        try {
            group.commit(requests);
        } catch (StoreException e) {
            requests.forEach(request -> request.fail(e));
        } catch (RuntimeException | Error e) {
            StoreException failed = new StoreException("the store's writer failed on a group of writes: " + e, e);
            requests.forEach(request -> request.fail(failed));
        }
    }

    /** Waits for work. Both lists are empty only when the committer closes and nothing is left. */
    private List<Request> take(List<Runnable> now) {
        List<Request> taken = new ArrayList<>();
        int bytes = 0;
        lock.lock();
        try {
            while (requests.isEmpty() && errands.isEmpty() && !closing) {
                work.awaitUninterruptibly();
            }
            if (!closing) {
                now.addAll(errands);
            }
            errands.clear();
            while (!requests.isEmpty() && taken.size() < MAX_GROUP_WRITES && bytes < MAX_GROUP_BYTES) {
                Request request = requests.remove();
                bytes += request.bytes();
                taken.add(request);
            }
        } finally {
            lock.unlock();
        }
        return taken;
    }
}
