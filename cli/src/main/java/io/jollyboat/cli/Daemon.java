package io.jollyboat.cli;

import io.jollyboat.cluster.ClusterException;
import io.jollyboat.cluster.Clusters;
import io.jollyboat.cluster.Folders;
import io.jollyboat.world.World;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The server process of a cluster, seen from outside: starts it, waits for it, ends it. */
final class Daemon {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(5);
    private static final int LINES_SHOWN = 15;

    private final String name;
    private final Folders folders;
    private final World world;

    Daemon(String name, World world) {
        this.name = name;
        this.folders = Folders.of(name);
        this.world = world;
    }

    Optional<ProcessHandle> process() {
        return Clusters.server(name);
    }

    /** A server that was started and may not answer yet. */
    final class Starting {
        private final Process process;
        private final long logBefore;

        private Starting(Process process, long logBefore) {
            this.process = process;
            this.logBefore = logBefore;
        }

        /**
         * Waits until it answers. It is not asked before it says that it listens, by writing its process id: questions
         * into the void would only take processors from its start.
         *
         * @throws ClusterException with the server's own words when it ends or stays silent
         */
        void await(BooleanSupplier ready) {
            Path listens = folders.processId();
            boolean over =
                    waitFor(() -> !process.isAlive() || Files.exists(listens) && ready.getAsBoolean(), START_LIMIT);
            if (!process.isAlive()) {
                throw new ClusterException("the server did not start; it said:\n" + said(logBefore));
            }
            if (!over) {
                process.destroy();
                throw new ClusterException("the server did not answer within " + START_LIMIT.toSeconds()
                        + " s; it said:\n" + said(logBefore));
            }
        }
    }

    /** Starts the server as a process that outlives this one; returns at once. */
    Starting start() {
        try {
            Files.createDirectories(folders.root());
            Files.deleteIfExists(folders.processId());
            long logBefore = Files.exists(folders.log()) ? Files.size(folders.log()) : 0;
            Process process = new ProcessBuilder(command())
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(Redirect.appendTo(folders.log().toFile()))
                    .redirectError(Redirect.appendTo(folders.log().toFile()))
                    .start();
            return new Starting(process, logBefore);
        } catch (IOException e) {
            throw new ClusterException("the server cannot be started: " + e.getMessage(), e);
        }
    }

    /** The launcher that started this process, in a session of its own. */
    private List<String> command() {
        String home = System.getProperty("jolly.home", "");
        if (home.isEmpty()) {
            throw new ClusterException("start this program through its launcher `jolly`, which sets -Djolly.home");
        }
        return List.of("setsid", home + "/bin/jolly", "server", "--name", name);
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

    private String said(long from) {
        byte[] all;
        try {
            all = Files.readAllBytes(folders.log());
        } catch (IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
        String text = new String(all, (int) from, (int) (all.length - from), StandardCharsets.UTF_8);
        List<String> lines = text.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
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
