package io.jollyboat.bench;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one more Pod costs in a namespace that has many: with nothing else, with a ResourceQuota, with
 * PodDisruptionBudgets. Processor time is that of the whole process: admission, store, controllers. Takes two minutes.
 */
public final class NamespaceBench {
    private static final Resource QUOTA = Resources.kind("v1", "ResourceQuota");
    private static final Resource BUDGET = Resources.kind("policy/v1", "PodDisruptionBudget");
    private static final Resource ACCOUNT = Resources.kind("v1", "ServiceAccount");
    private static final int LOOKS = 600;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int[] PRESENT = {100, 1_000, 5_000};
    private static final int MADE = 400;
    private static final int WRITERS = 16;
    private static final Duration QUIET = Duration.ofMillis(1_500); // until the controllers have caught up
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final World world = World.system();
    private final Path folder;

    private NamespaceBench(Path folder) {
        this.folder = folder;
    }

    /** No arguments. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "namespace-bench");
        try {
            new NamespaceBench(folder).run();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        say("Load of the machine before: %s", Load.ofMachine());
        say("| Pods present | with | %d more took | processor time for each |", MADE);
        say("|---|---|---|---|");
        measure("warm-up", 0, false, false);
        for (int present : PRESENT) {
            measure("nothing", present, false, false);
            measure("a quota", present, true, false);
            measure("three budgets", present, false, true);
        }
    }

    private void measure(String what, int present, boolean quota, boolean budgets)
            throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder, "cluster");
        try (SimulatedCluster cluster = new SimulatedCluster(own, world)) {
            awaitAccount(cluster);
            if (quota) {
                cluster.create(QUOTA, "bench", """
                        {'metadata': {'name': 'q'}, 'spec': {'hard': {'pods': '100000', 'count/pods': '100000'}}}""");
            }
            for (int i = 0; budgets && i < 3; i++) {
                cluster.create(BUDGET, "bench", """
                        {'metadata': {'name': 'b%d'}, 'spec': {'minAvailable': 1, 'selector': {'matchLabels': {'app': 'a%1$d'}}}}""".formatted(i));
            }
            make(cluster, "present", present);
            world.sleep(QUIET);
            List<Long> self = List.of(ProcessHandle.current().pid());
            double before = Processes.processorSeconds(self);
            long start = world.nanoTime();
            make(cluster, "more", MADE);
            double took = (world.nanoTime() - start) / 1e9;
            world.sleep(QUIET);
            double used = Processes.processorSeconds(self) - before;
            say("| %,d | %s | %.2f s | %.2f ms |", present, what, took, used * 1_000 / MADE);
        }
    }

    /** Without its service account a namespace takes no Pods. */
    private void awaitAccount(SimulatedCluster cluster) throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            if (!cluster.api().list(ACCOUNT, "bench", ListOptions.ALL).items().isEmpty()) {
                return;
            }
            world.sleep(LOOK);
        }
        throw new IllegalStateException("the namespace gets no service account");
    }

    /** Pods of three applications, in turn. */
    private void make(SimulatedCluster cluster, String name, int count) throws InterruptedException {
        List<Task> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = writer;
            writers.add(world.start("writer " + writer, () -> {
                for (int i = first; i < count; i += WRITERS) {
                    cluster.createPod(name + "-" + i, "a" + i % 3, "10.42.%d.%d".formatted(i / 250, i % 250));
                }
            }));
        }
        for (Task writer : writers) {
            if (!writer.join(LIMIT)) {
                throw new IllegalStateException("a writer does not end");
            }
        }
    }

    private static void say(String line, Object... values) {
        System.out.println(String.format(Locale.ROOT, line, values));
    }
}
