package io.jollyboat.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Runs programs to their end, and waits for what they bring about. */
final class Program {
    private static final int SECONDS = 400;
    private static final int PATIENCE_SECONDS = 180;
    private static final int STEP_MILLIS = 50;

    private Program() {}

    /** Runs to the end; one that has none is killed and fails the test. */
    static Result run(ProcessBuilder builder, String input) {
        String shown = String.join(" ", builder.command());
        try {
            Process process = builder.start();
            CompletableFuture<String> out =
                    CompletableFuture.supplyAsync(() -> read(process.getInputStream()), Thread::startVirtualThread);
            CompletableFuture<String> err =
                    CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), Thread::startVirtualThread);
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading.
            }
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end after " + SECONDS + " s: " + shown);
            }
            return new Result(shown, process.exitValue(), out.join(), err.join());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(shown, e);
        }
    }

    /** Runs a program of this machine and gives what it printed. */
    static String run(String... command) {
        return run(new ProcessBuilder(command), "").ok().out();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Asks again and again, within a bound, until the answer is as wanted. */
    static <T> T eventually(Supplier<T> question, Predicate<T> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        T answer = question.get();
        while (!wanted.test(answer)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still after " + PATIENCE_SECONDS + " s: " + answer);
            }
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            answer = question.get();
        }
        return answer;
    }
}
