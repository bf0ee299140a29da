package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A command that runs beside the test, with both outputs in one; closing kills it. */
final class Background implements AutoCloseable {
    private static final int SECONDS = 180;

    private final String shown;
    private final Process process;
    private final StringBuffer said = new StringBuffer();
    private final Thread reader;

    Background(ProcessBuilder builder) {
        shown = String.join(" ", builder.command());
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError(shown, e);
        }
        reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (int next; (next = in.read()) >= 0; ) {
                said.append((char) next);
            }
        } catch (IOException e) {
            // It was killed.
        }
    }

    /** Waits until it has printed a text; all that it has printed. */
    String await(String text) {
        return Program.eventually(said::toString, all -> all.contains(text));
    }

    void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** As Ctrl-C does. */
    Background interrupt() {
        Program.run("kill", "-INT", Long.toString(process.pid()));
        return this;
    }

    /** Waits until it ends by itself. */
    Result end() {
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("%s ends; it said\n%s", shown, said)
                    .isTrue();
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return new Result(shown, process.exitValue(), said.toString(), "");
    }

    /** As kill -9 does. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
