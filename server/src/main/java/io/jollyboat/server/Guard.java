package io.jollyboat.server;

import io.jollyboat.api.StatusException;
import io.jollyboat.store.Changes;
import io.jollyboat.store.CompactedException;
import io.jollyboat.store.Store;
import io.jollyboat.store.StoreException;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Follows the server's own Services and where they lead, and has them put right as soon as somebody touches them. */
final class Guard implements AutoCloseable {
    /** What deleted an object may have to clear up yet; and who fights for one does so no faster than this. */
    private static final Duration SETTLE = Duration.ofMillis(20);
    /** After that many the next round of the upkeep does it. */
    private static final int ATTEMPTS = 5;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration END = Duration.ofSeconds(2);
    private static final Logger LOG = System.getLogger(Guard.class.getName());

    private final World world;
    private final Store store;
    private final Bootstrap bootstrap;
    private final List<Task> tasks = new ArrayList<>();

    private Guard(World world, Store store, Bootstrap bootstrap) {
        this.world = world;
        this.store = store;
        this.bootstrap = bootstrap;
    }

    /** What is changed from now on is seen. */
    static Guard start(World world, Store store, Bootstrap bootstrap) {
        Guard guard = new Guard(world, store, bootstrap);
        long now = store.revision();
        for (String key : bootstrap.guarded()) {
            guard.tasks.add(world.start("guard of " + key, () -> guard.follow(key, now)));
        }
        return guard;
    }

    private void follow(String key, long start) {
        long after = start;
        try {
            while (true) {
                try (Changes changes = store.watch(key, after)) {
                    follow(key, changes);
                } catch (CompactedException e) {
                    repair(); // whatever was missed
                }
                world.sleep(PATIENCE); // only a store that is closed or a reader that slept ends a stream
                after = store.revision();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(String key, Changes changes) throws InterruptedException {
        while (!changes.ended()) {
            if (changes.next(PATIENCE).stream().anyMatch(change -> change.key().equals(key))) {
                repair();
            }
        }
    }

    private void repair() throws InterruptedException {
        String problem = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            world.sleep(SETTLE.multipliedBy(attempt));
            try {
                bootstrap.repair();
                return;
            } catch (StatusException | StoreException e) {
                problem = e.getMessage();
            }
        }
        LOG.log(Level.WARNING, "the server''s own Services: {0}", problem);
    }

    @Override
    public void close() throws InterruptedException {
        tasks.forEach(Task::cancel);
        for (Task task : tasks) {
            task.join(END);
        }
    }
}
