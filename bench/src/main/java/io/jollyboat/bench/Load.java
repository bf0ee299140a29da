package io.jollyboat.bench;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets several clients do the same thing again and again for some seconds, each waiting for its own answers. */
final class Load {
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final World world;

    Load(World world) {
        this.world = world;
    }

    /** One thing to do: the client's number, and how many it has done in this run. */
    interface Target {
        void act(int client, int count);
    }

    /** Acts per second, and microseconds that half and 99 of 100 of them took at most. */
    record Figures(double perSecond, long median, long slow) {
        static Figures of(List<Long> nanos, Duration time) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return new Figures(
                    sorted.length * 1e9 / time.toNanos(),
                    sorted[sorted.length / 2] / 1_000,
                    sorted[(int) (sorted.length * 0.99)] / 1_000);
        }
    }

    /** What {@code clients} at once get done, after a time to warm up. */
    Figures measure(Target target, int clients) throws InterruptedException {
        run(target, clients, WARM_UP);
        return Figures.of(run(target, clients, MEASURED), MEASURED);
    }

    /** How many nanoseconds each act took. */
    private List<Long> run(Target target, int clients, Duration time) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<List<Long>> times = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            List<Long> own = new ArrayList<>();
            times.add(own);
            tasks.add(world.start("client " + i, () -> {
                for (int count = 0; !over.get(); count++) {
                    long start = world.nanoTime();
                    target.act(client, count);
                    own.add(world.nanoTime() - start);
                }
            }));
        }
        world.sleep(time);
        over.set(true);
        for (Task task : tasks) {
            if (!task.join(LIMIT)) {
                throw new IllegalStateException("a client does not end");
            }
        }
        return times.stream().flatMap(List::stream).toList();
    }

    /** The machine's load over the last minute, to be told beside the figures. */
    static String ofMachine() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    }
}
