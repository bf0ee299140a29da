package io.jollyboat.bench;

import io.jollyboat.store.LogStore;
import io.jollyboat.store.Store;
import io.jollyboat.store.Store.Outcome;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures the embedded store, beside an etcd on the same disk in the same run: durable writes of 1 KiB by several
 * writers at once, and how long a store takes to open. It takes about a minute.
 */
public final class StoreBench {
    private static final int VALUE_BYTES = 1_024;
    private static final int KEYS_EACH = 100;
    private static final int[] WRITERS = {1, 16, 64};
    private static final int[] ENTRIES = {0, 10_000, 100_000};
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final World world = World.system();
    private final Load load = new Load(world);
    private final Path folder;

    private StoreBench(Path folder) {
        this.folder = folder;
    }

    /** Runs all; the argument is a folder on the disk to measure, by default the present one. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path parent = Path.of(args.length > 0 ? args[0] : ".").toAbsolutePath().normalize();
        Path folder = Files.createTempDirectory(parent, "store-bench");
        try {
            StoreBench bench = new StoreBench(folder);
            bench.writes();
            bench.starts();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void writes() throws IOException, InterruptedException {
        say("durable writes of %d bytes; load of the machine before: %s", VALUE_BYTES, Load.ofMachine());
        say("%7s  %31s  %31s  %s", "", "jollyboat", "etcd", "");
        say(
                "%7s  %9s %10s %10s  %9s %10s %10s  %s",
                "writers", "writes/s", "p50 us", "p99 us", "writes/s", "p50 us", "p99 us", "ratio");
        try (Store store = LogStore.open(folder.resolve("jollyboat"), world);
                Etcd etcd = Etcd.start(folder.resolve("etcd"), world)) {
            byte[] value = new byte[VALUE_BYTES];
            long[][] revisions = new long[Arrays.stream(WRITERS).max().orElseThrow()][KEYS_EACH];
            Load.Target ours = (writer, count) -> {
                int key = count % KEYS_EACH;
                Outcome outcome = store.write(key(writer, key), revisions[writer][key], Optional.of(value));
                revisions[writer][key] = ((Outcome.Written) outcome).revision();
            };
            Load.Target theirs = (writer, count) -> etcd.put(key(writer, count % KEYS_EACH), value);
            for (int writers : WRITERS) {
                Load.Figures a = load.measure(ours, writers);
                Load.Figures b = load.measure(theirs, writers);
                say(
                        "%7d  %9.0f %10d %10d  %9.0f %10d %10d  %.2f",
                        writers,
                        a.perSecond(),
                        a.median(),
                        a.slow(),
                        b.perSecond(),
                        b.median(),
                        b.slow(),
                        a.perSecond() / b.perSecond());
            }
        }
    }

    private void starts() throws IOException, InterruptedException {
        say("");
        say("%9s  %10s %12s %12s", "entries", "open ms", "again ms", "memory MiB");
        for (int entries : ENTRIES) {
            Path own = folder.resolve("entries" + entries);
            fill(own, entries);
            long before = memory();
            long start = world.nanoTime();
            long middle;
            try (Store store = LogStore.open(own, world)) {
                middle = world.nanoTime();
                long used = memory() - before;
                store.close();
                long again = world.nanoTime();
                LogStore.open(own, world).close();
                say(
                        "%9d  %10.1f %12.1f %12.1f",
                        entries, (middle - start) / 1e6, (world.nanoTime() - again) / 1e6, used / (double) (1 << 20));
            }
        }
    }

    private void fill(Path own, int entries) throws InterruptedException {
        try (Store store = LogStore.open(own, world)) {
            List<Task> tasks = new ArrayList<>();
            int writers = 500;
            for (int i = 0; i < writers; i++) {
                int writer = i;
                tasks.add(world.start("writer", () -> {
                    for (int key = writer; key < entries; key += writers) {
                        store.write(key(0, key), 0, Optional.of(new byte[VALUE_BYTES]));
                    }
                }));
            }
            for (Task task : tasks) {
                task.join(LIMIT);
            }
            store.compact(store.revision());
        }
    }

    private static String key(int writer, int key) {
        return "/registry/configmaps/bench-" + writer + "/value-" + key;
    }

    private static long memory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
