package io.jollyboat.cli;

import io.jollyboat.cluster.Clusters;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The server process of a cluster, seen from outside. */
final class Daemon {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(5);

    private final String name;
    private final World world;

    Daemon(String name, World world) {
        this.name = name;
        this.world = world;
    }

    Optional<ProcessHandle> process() {
        return Clusters.server(name);
    }

    /** Ends the process; true when it ran. */
    boolean stop() {
        Optional<ProcessHandle> process = process();
        if (process.isEmpty()) {
            return false;
        }
        process.get().destroy();
        if (!waitFor(() -> !process.get().isAlive(), STOP_LIMIT)) {
            process.get().destroyForcibly();
            waitFor(() -> !process.get().isAlive(), STOP_LIMIT);
        }
        return true;
    }

    private boolean waitFor(BooleanSupplier condition, Duration limit) {
        long end = world.nanoTime() + limit.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                if (world.nanoTime() - end > 0) {
                    return false;
                }
                world.sleep(STEP);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
