package io.jollyboat.cli;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.ClusterException;
import io.jollyboat.cluster.Folders;
import io.jollyboat.linux.Session;
import io.jollyboat.world.World;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How this process ends. Most commands just end. One that has started a cluster goes on as its server: the launcher,
 * which waits, is told the command's exit status, and the process leaves its user's terminal.
 */
final class Ending {
    /** Names the file that the launcher waits at; without it the cluster runs in the foreground. */
    private static final String WAITS = "jolly.waits";

    private @Nullable Cluster cluster;
    private @Nullable Path log;

    /** Starts a cluster that is to outlive the command. What its parts say from here on goes into its log. */
    Cluster outlivedBy(Supplier<Cluster> start, Folders folders, World world) {
        try {
            Files.createDirectories(folders.root());
            PrintStream said =
                    new PrintStream(new FileOutputStream(folders.log().toFile(), true), true, StandardCharsets.UTF_8);
            System.setOut(said);
            System.setErr(said);
        } catch (IOException e) {
            throw new ClusterException("the cluster's log cannot be written: " + e.getMessage(), e);
        }
        Cluster started = start.get();
        world.atExit(started::close);
        cluster = started;
        log = folders.log();
        return started;
    }

    /** Ends the command with that status, and comes back when the process may end. */
    void with(int status) {
        Cluster running = cluster;
        Path output = log;
        Optional<Path> launcher = Optional.ofNullable(System.getProperty(WAITS)).map(Path::of);
        if (running != null && output != null && launcher.isPresent()) {
            Session.leave(output);
        }
        launcher.ifPresent(file -> tell(file, status));
        if (running != null) {
            await(running);
        }
    }

    private static void tell(Path launcher, int status) {
        try (FileOutputStream out = new FileOutputStream(launcher.toFile())) {
            out.write((status + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            System.err.println("jolly: nobody waits for the end: " + e.getMessage());
        }
    }

    private static void await(Cluster running) {
        try {
            running.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
