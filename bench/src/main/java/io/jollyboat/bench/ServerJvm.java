package io.jollyboat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The JVM that the command gives its server, as its script says. The JVM's own choice would be another collector with a
 * large heap, which pauses seldom but long: what should be measured in milliseconds is something else there.
 */
final class ServerJvm {
    private static final Path SCRIPT = Path.of("..", "cli", "src", "main", "sh", "jolly");
    private static final Pattern FLAG = Pattern.compile("(?<=[\\s(])-(?!XX:AOT)(X|Dio\\.)[^\\s)]+");
    /** More flags, such as those of a profiler. */
    private static final String MORE = "bench.flags";

    private static final String AT_HAND = "bench.server-jvm";

    private ServerJvm() {}

    /** Whether this is one already. */
    static boolean isAtHand() {
        return Boolean.getBoolean(AT_HAND);
    }

    /** The command line that runs a program of this benchmark's in such a JVM. */
    static List<String> command(Class<?> program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        FLAG.matcher(Files.readString(SCRIPT)).results().forEach(flag -> command.add(flag.group()));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.add("-D" + AT_HAND + "=true");
        String more = System.getProperty(MORE, "");
        if (!more.isBlank()) {
            command.addAll(List.of(more.split(" ")));
        }
        command.add(program.getName());
        command.addAll(arguments);
        return command;
    }

    /** Runs a program in one to its end, with the input and output of this one. */
    static void run(Class<?> program, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(program, List.of(arguments)))
                .inheritIO()
                .start();
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException(program.getSimpleName() + " ended with status " + status);
        }
    }
}
