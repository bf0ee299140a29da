package io.jollyboat.node;

import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.cri.CriException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Keeps containers' logs small: a log of {@link #SIZE_LIMIT} bytes is moved away and a new one begun. */
final class LogRotation {
    static final long SIZE_LIMIT = 10 << 20;

    /** The present log counts too. */
    static final int FILES_LIMIT = 5;

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(LogRotation.class.getName());

    private final Surroundings around;
    private final Supplier<List<PodWorker>> workers;

    LogRotation(Surroundings around, Supplier<List<PodWorker>> workers) {
        this.around = around;
        this.workers = workers;
    }

    /** The body of the task. */
    void run() {
        try {
            while (true) {
                around.world().sleep(PERIOD);
                for (PodWorker worker : workers.get()) {
                    PodFiles files = PodFiles.of(around.host(), worker.pod());
                    worker.seen().runs().stream().filter(Run::running).forEach(run -> rotate(files, run));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rotate(PodFiles files, Run run) {
        Path log = files.log(run.container(), run.attempt());
        try {
            if (!Files.exists(log) || Files.size(log) < SIZE_LIMIT) {
                return;
            }
            Path old = log.resolveSibling(
                    log.getFileName() + "." + around.world().now().toEpochMilli());
            Files.move(log, old, StandardCopyOption.ATOMIC_MOVE);
            around.cri().reopenLog(run.id());
            prune(log);
        } catch (IOException | CriException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}: cannot rotate the log: {1}", log, e.getMessage());
        }
    }

    private static void prune(Path log) throws IOException {
        try (Stream<Path> all = Files.list(log.getParent())) {
            List<Path> old = all.filter(file -> file.getFileName().toString().startsWith(log.getFileName() + "."))
                    .sorted(Comparator.reverseOrder())
                    .skip(FILES_LIMIT - 1)
                    .toList();
            for (Path each : old) {
                Files.deleteIfExists(each);
            }
        }
    }
}
