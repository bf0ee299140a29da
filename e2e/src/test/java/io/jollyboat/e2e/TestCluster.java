package io.jollyboat.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cluster as a user has it: made with {@code jolly up}, used with the stock kubectl, removed with {@code jolly
 * delete}. It has a home folder, a data folder and a kubeconfig of its own, and no uplink.
 */
final class TestCluster implements AutoCloseable {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Path LAUNCHER = PROJECT.resolve("cli/target/jolly/bin/jolly");
    private static final int COMMAND_SECONDS = 180;

    private final String name;
    private final Path home;
    private final Map<String, String> environment;

    TestCluster(String name) throws IOException {
        this.name = name;
        this.home = Files.createTempDirectory("jolly-e2e-");
        this.environment = Map.of(
                "HOME", home.toString(),
                "KUBECONFIG", home.resolve("kubeconfig").toString(),
                "JOLLY_HOME", home.resolve("data").toString());
        assemble();
    }

    /** Puts the launcher together as the build script does, when that was not done since the last build. */
    private static void assemble() {
        run(
                        Map.of(),
                        PROJECT,
                        "bash",
                        "-c",
                        "[ cli/target/jolly/built -nt cli/target/jollyboat-cli-0.1.0.jar ] || .mvn/assemble cli/target/jolly")
                .ok();
    }

    Result up(String... arguments) {
        List<String> all = new ArrayList<>(List.of("up", "--no-uplink", "--no-install"));
        all.addAll(List.of(arguments));
        return jolly(all.toArray(new String[0]));
    }

    /** {@code jolly COMMAND --name NAME ...}. */
    Result jolly(String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), arguments[0]));
        int options = 1;
        if (arguments[0].equals("image")) {
            command.add(arguments[1]);
            options = 2;
        }
        command.addAll(List.of("--name", name));
        command.addAll(Arrays.asList(arguments).subList(options, arguments.length));
        return run(environment, PROJECT, command.toArray(new String[0]));
    }

    Result kubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(Arrays.asList(arguments));
        return run(environment, PROJECT, command.toArray(new String[0]));
    }

    /** With a text on standard input. */
    Result apply(String manifest) throws IOException {
        Path file = Files.createTempFile(home, "manifest", ".yaml");
        Files.writeString(file, manifest);
        return kubectl("apply", "-f", file.toString());
    }

    Path home() {
        return home;
    }

    String name() {
        return name;
    }

    /** Asks again and again, within a minute, until the answer is as wanted. */
    static <T> T eventually(Supplier<T> question, java.util.function.Predicate<T> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        T answer = question.get();
        while (!wanted.test(answer)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still after a minute: " + answer);
            }
            Thread.sleep(100);
            answer = question.get();
        }
        return answer;
    }

    static Result run(Map<String, String> environment, Path folder, String... command) {
        String shown = String.join(" ", command);
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().putAll(environment);
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            String jdk = System.getProperty("java.home");
            builder.environment().put("JAVA_HOME", jdk);
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end after " + COMMAND_SECONDS + " s: " + shown);
            }
            return new Result(shown, process.exitValue(), out.join(), err.join());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(shown, e);
        }
    }

    private static String read(java.io.InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        jolly("delete");
        if (Files.exists(home)) {
            try (Stream<Path> files = Files.walk(home)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }
}
