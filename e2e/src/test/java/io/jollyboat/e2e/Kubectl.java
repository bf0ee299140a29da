package io.jollyboat.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stock kubectl with a home of its own. */
final class Kubectl {
    private static final int SECONDS = 60;

    private final Path home;
    private final Path config;
    private final Map<String, String> environment;

    private Kubectl(Path home, Path config, Map<String, String> environment) {
        this.home = home;
        this.config = config;
        this.environment = environment;
    }

    static Kubectl in(Path home, String kubeconfig) throws IOException {
        Path config = Files.createTempFile(home, "config", "");
        Files.writeString(config, kubeconfig);
        return new Kubectl(home, config, Map.of());
    }

    Kubectl with(String variable, String value) {
        return new Kubectl(home, config, Map.of(variable, value));
    }

    /** Puts a file into the folder that kubectl runs in. */
    Path file(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }

    Result run(String... arguments) {
        return input("", arguments);
    }

    /** With a text on standard input. */
    Result input(String input, String... arguments) {
        try {
            Path out = Files.createTempFile(home, "out", "");
            Path err = Files.createTempFile(home, "err", "");
            Process process = prepare(arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It does not read its input.
            }
            String command = "kubectl " + String.join(" ", arguments);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + Files.readString(err));
            }
            return new Result(command, process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A process that is not started yet. */
    ProcessBuilder prepare(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("KUBECONFIG", config.toString());
        builder.environment().putAll(environment);
        return builder;
    }
}
