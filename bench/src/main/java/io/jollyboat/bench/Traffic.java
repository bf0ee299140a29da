package io.jollyboat.bench;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets clients on {@link Line}s ask again and again for some seconds, each waiting for its own answers. */
final class Traffic {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(6);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final World world;

    Traffic(World world) {
        this.world = world;
    }

    /**
     * What came of it.
     *
     * @param processor microseconds of the server's processor time for each answer
     */
    record Figures(Load.Figures load, double processor) {}

    /** A line with as many slots as clients. */
    record Clients(Line line, int slots) {}

    /**
     * Measures after a time to warm up, and closes the lines.
     *
     * @param server the process whose time is told
     */
    Figures measure(List<Clients> all, long server) throws InterruptedException {
        List<Run> runs = all.stream().map(Run::new).toList();
        List<Task> tasks =
                runs.stream().map(run -> world.start("clients", run::act)).toList();
        world.sleep(WARM_UP);
        double before = Processes.processorSeconds(List.of(server));
        long start = world.nanoTime();
        runs.forEach(run -> run.counts = true);
        world.sleep(MEASURED);
        runs.forEach(run -> run.counts = false);
        Duration took = Duration.ofNanos(world.nanoTime() - start);
        double used = Processes.processorSeconds(List.of(server)) - before;
        runs.forEach(run -> run.over = true);
        for (Task task : tasks) {
            if (!task.join(LIMIT)) {
                throw new IllegalStateException("a client does not end");
            }
        }
        List<Long> times = runs.stream().flatMap(run -> run.times.stream()).toList();
        if (times.isEmpty()) {
            throw new IllegalStateException("no answer came");
        }
        return new Figures(Load.Figures.of(times, took), used * 1e6 / times.size());
    }

    /** The clients of one line. */
    private final class Run {
        private final Clients clients;
        private final List<Long> times = new ArrayList<>();
        private volatile boolean counts;
        private volatile boolean over;

        Run(Clients clients) {
            this.clients = clients;
        }

        void act() {
            try (Line line = clients.line()) {
                long[] asked = new long[clients.slots()];
                int number = 0;
                for (int slot = 0; slot < clients.slots(); slot++) {
                    asked[slot] = world.nanoTime();
                    line.ask(slot, ++number);
                }
                for (int waiting = clients.slots(); waiting > 0; ) {
                    int slot = line.answered();
                    long now = world.nanoTime();
                    if (counts) {
                        times.add(now - asked[slot]);
                    }
                    if (over) {
                        waiting--;
                    } else {
                        asked[slot] = now;
                        line.ask(slot, ++number);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
