package io.jollyboat.cli;

import io.jollyboat.cluster.ClusterException;
import io.jollyboat.cluster.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jolly logs}: what the server said. */
@Command(name = "logs", description = "Prints what the cluster's server said.", mixinStandardHelpOptions = true)
final class Logs implements Callable<Integer> {
    private static final Duration STEP = Duration.ofMillis(200);

    @Mixin
    private Named cluster = new Named();

    @Option(
            names = {"-f", "--follow"},
            description = "go on printing until interrupted")
    private boolean follow;

    @Option(names = "--node", paramLabel = "NODE", description = "what that node's containerd said instead")
    private @Nullable String node;

    @Option(
            names = "--tail",
            paramLabel = "LINES",
            defaultValue = "200",
            description = "so many of the last lines (default: ${DEFAULT-VALUE})")
    private int tail;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (tail < 0) {
            throw new ParameterException(spec.commandLine(), "--tail takes a number of lines, 0 or more");
        }
        Path log = log(cluster.existing());
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.exists(log)) {
            throw new ClusterException(
                    (node == null ? "the cluster " + cluster.name : "the node " + node) + " has said nothing yet");
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            printTail(log, out);
            file.seek(file.length());
            while (follow) {
                for (String line; (line = file.readLine()) != null; ) {
                    out.println(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
                }
                out.flush();
                io.jollyboat.world.World.system().sleep(STEP);
            }
            return 0;
        } catch (IOException e) {
            throw new ClusterException(log + " cannot be read: " + e.getMessage() + " (try it as root)", e);
        }
    }

    private Path log(Settings settings) {
        if (node == null) {
            return cluster.folders().log();
        }
        if (!settings.nodeNames().contains(node)) {
            throw new ClusterException(
                    "there is no node %s; there are: %s".formatted(node, String.join(", ", settings.nodeNames())));
        }
        return cluster.folders().node(node).resolve("containerd.log");
    }

    private void printTail(Path log, PrintWriter out) throws IOException {
        ArrayDeque<String> last = new ArrayDeque<>();
        try (Reader reader = Files.newBufferedReader(log);
                var lines = new java.io.BufferedReader(reader)) {
            for (String line; (line = lines.readLine()) != null; ) {
                last.addLast(line);
                if (last.size() > tail) {
                    last.removeFirst();
                }
            }
        }
        last.forEach(out::println);
        out.flush();
    }
}
