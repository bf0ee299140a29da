package io.jollyboat.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A cluster as a user has it: made with {@code jolly up}, used with the stock kubectl, removed with {@code jolly
 * delete}. It has a home folder, a data folder and a kubeconfig of its own, and no uplink.
 */
final class TestCluster implements AutoCloseable {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Path LAUNCHER = PROJECT.resolve("cli/target/jolly/bin/jolly");

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
        String make = "[ cli/target/jolly/built -nt cli/target/jollyboat-cli-0.1.0.jar ]"
                + " || .mvn/assemble \"$PWD/cli/target/jolly\"";
        Program.run(new ProcessBuilder("bash", "-c", make).directory(PROJECT.toFile()), "")
                .ok();
    }

    Result up(String... arguments) {
        List<String> all = new ArrayList<>(List.of("up", "--no-uplink", "--no-install"));
        all.addAll(List.of(arguments));
        return jolly(all.toArray(new String[0]));
    }

    /** {@code jolly COMMAND --name NAME ...}. */
    Result jolly(String... arguments) {
        return Program.run(builder(command(arguments)), "");
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), arguments[0]));
        int options = 1;
        if (List.of("image", "node").contains(arguments[0])) {
            command.add(arguments[1]);
            options = 2;
        }
        command.addAll(List.of("--name", name));
        command.addAll(Arrays.asList(arguments).subList(options, arguments.length));
        return command;
    }

    private static List<String> words(String first, String... more) {
        List<String> words = new ArrayList<>(List.of(first));
        words.addAll(Arrays.asList(more));
        return words;
    }

    /** A command with the surroundings of this cluster's user. */
    ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(PROJECT.toFile());
        builder.environment().putAll(environment);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    Result kubectl(String... arguments) {
        return kubectlFed("", arguments);
    }

    /** With a text on standard input. */
    Result kubectlFed(String input, String... arguments) {
        return Program.run(builder(words("kubectl", arguments)), input);
    }

    /** As {@link #kubectl}, but runs on beside the test. */
    Background background(String... arguments) {
        return new Background(builder(words("kubectl", arguments)));
    }

    /** What a JSONPath picks from an object, such as {@code {.status.phase}}. */
    String field(String object, String path) {
        return kubectl("get", object, "-o", "jsonpath=" + path).ok().text();
    }

    /** Waits until a JSONPath of an object has a value that is wanted. */
    String field(String object, String path, Predicate<String> wanted) {
        return Program.eventually(() -> field(object, path), wanted);
    }

    Result apply(String manifest) {
        return kubectlFed(manifest, "apply", "-f", "-");
    }

    Path home() {
        return home;
    }

    String name() {
        return name;
    }

    /** What its nodes are called, as soon as there are any, the first one first. */
    List<String> nodes() {
        String names = Program.eventually(
                () -> kubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")
                        .ok()
                        .text(),
                text -> !text.isEmpty());
        return List.of(names.split(" "));
    }

    Path data() {
        return home.resolve("data").resolve(name);
    }

    /** The process id of the cluster's server. */
    ProcessHandle server() throws IOException {
        return ProcessHandle.of(Long.parseLong(
                        Files.readString(data().resolve("server.pid")).strip()))
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        try {
            jolly("delete").ok();
        } finally {
            try (Stream<Path> files = Files.walk(home)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }
}
