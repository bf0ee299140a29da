package io.jollyboat.server;

import io.jollyboat.api.StatusException;
import io.jollyboat.store.Changes;
import io.jollyboat.store.StoreException;
import io.jollyboat.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** Follows the server's own Services and where they lead, and has them put right as soon as somebody touches them. */
final class Guard {
    /** What deleted an object may have to clear up yet; and who fights for one does so no faster than this. */
    private static final Duration SETTLE = Duration.ofMillis(20);
    /** After that many the next round of the upkeep does it. */
    private static final int ATTEMPTS = 5;

    private static final Logger LOG = System.getLogger(Guard.class.getName());

    private final World world;
    private final Bootstrap bootstrap;

    private Guard(World world, Bootstrap bootstrap) {
        this.world = world;
        this.bootstrap = bootstrap;
    }

    /** What is changed from now on is seen. */
    static Followers start(World world, Storage storage, Bootstrap bootstrap) {
        Guard guard = new Guard(world, bootstrap);
        Followers followers = new Followers(world, storage);
        for (String key : bootstrap.guarded()) {
            followers.follow("guard of " + key, key, changes -> guard.changed(key, changes), guard::repair);
        }
        return followers;
    }

    private void changed(String key, List<Changes.Change> changes) throws InterruptedException {
        if (changes.stream().anyMatch(change -> change.key().equals(key))) {
            repair();
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
}
