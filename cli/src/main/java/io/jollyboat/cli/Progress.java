package io.jollyboat.cli;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/** Shows long steps: what takes longer than a second gets a line that counts, and a last word. */
final class Progress {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final World world;
    private final PrintStream out;
    private final boolean terminal;

    Progress(World world, PrintStream out, boolean terminal) {
        this.world = world;
        this.out = out;
        this.terminal = terminal;
    }

    static Progress onStandardError(World world) {
        return new Progress(
                world, System.err, System.console() != null && System.console().isTerminal());
    }

    void say(String line) {
        out.println(line);
    }

    /** Runs a step; its name is printed once it takes longer than a second. */
    <T> T step(String what, Supplier<T> step) {
        long start = world.nanoTime();
        Task ticker = world.start("progress", () -> tick(what, start));
        try {
            return step.get();
        } finally {
            ticker.cancel();
            joinQuietly(ticker);
            if (terminal) {
                out.print("\r\033[K");
            }
        }
    }

    private void tick(String what, long start) {
        try {
            world.sleep(PATIENCE);
            if (!terminal) {
                out.println(what + " ...");
                return;
            }
            while (true) {
                long seconds = Duration.ofNanos(world.nanoTime() - start).toSeconds();
                out.printf("\r%s %d s ", what, seconds);
                out.flush();
                world.sleep(PATIENCE);
            }
        } catch (InterruptedException e) {
            // The step has ended.
        }
    }

    private static void joinQuietly(Task ticker) {
        try {
            ticker.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
