package io.jollyboat.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the system's own programs ({@code ip}, {@code nft}, {@code nsenter}) to their end. */
public final class Program {
    /** No call here takes longer in sound health; a hanging one is ended and reported. */
    private static final long LIMIT_SECONDS = 30;

    private Program() {}

    /**
     * Runs a program and gives what it wrote.
     *
     * @throws LinuxException when it cannot be started, fails (with its own words) or hangs
     */
    public static String run(String... command) {
        return feed("", List.of(command));
    }

    /** As {@link #run}, with text on its standard input. */
    public static String feed(String input, List<String> command) {
        Result result = result(input, command);
        if (result.status() != 0) {
            throw new LinuxException("%s ended with status %d: %s"
                    .formatted(
                            String.join(" ", command),
                            result.status(),
                            result.output().strip()));
        }
        return result.output();
    }

    /** Runs a program whose failure is an answer too. */
    public static Result result(String input, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        try {
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program ended without reading; its status and words tell why.
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new LinuxException(String.join(" ", command) + " did not end within " + LIMIT_SECONDS + " s");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new LinuxException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinuxException("interrupted while running " + command.getFirst(), e);
        }
    }

    /** How a program ended, and all that it wrote on both outputs. */
    public record Result(int status, String output) {}
}
