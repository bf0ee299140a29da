package io.jollyboat.server;

import io.jollyboat.store.Changes;
import io.jollyboat.store.CompactedException;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tasks that follow what is stored from when this was made, each under a prefix, until they are closed together. */
final class Followers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** A stream ends when its reader was too slow or the store is closed. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private static final Duration END = Duration.ofSeconds(2);

    private final World world;
    private final Storage storage;
    private final long start;
    private final List<Task> tasks = new ArrayList<>();

    Followers(World world, Storage storage) {
        this.world = world;
        this.storage = storage;
        this.start = storage.revision();
    }

    /** Is told changes in their order, at least one at a time. */
    @FunctionalInterface
    interface Reader {
        void changed(List<Changes.Change> changes) throws InterruptedException;
    }

    /** Looks at everything, for there were changes that nobody can tell any more. */
    @FunctionalInterface
    interface Anew {
        void look() throws InterruptedException;
    }

    /** Does something once, beside the others. */
    void start(String name, Runnable once) {
        tasks.add(world.start(name, once));
    }

    /** Follows what is under a prefix. */
    void follow(String name, String prefix, Reader reader, Anew missed) {
        tasks.add(world.start(name, () -> {
            try {
                long after = start;
                while (true) {
                    after = followOnce(prefix, after, reader, missed);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Follows one stream to its end; the revision from which to go on. */
    private long followOnce(String prefix, long after, Reader reader, Anew missed) throws InterruptedException {
        try (Changes changes = storage.watch(prefix, after)) {
            while (!changes.ended()) {
                List<Changes.Change> next = changes.next(PATIENCE);
                if (!next.isEmpty()) {
                    reader.changed(next);
                }
            }
            world.sleep(AGAIN);
            return changes.seen();
        } catch (CompactedException e) {
            long now = storage.revision();
            missed.look();
            return now;
        }
    }

    @Override
    public void close() throws InterruptedException {
        tasks.forEach(Task::cancel);
        for (Task task : tasks) {
            task.join(END);
        }
    }
}
