package io.jollyboat.e2e;

import io.jollyboat.linux.Mounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What of this machine bears the mark of a cluster: its name, or the folder that it was made in. One line each, so that
 * a comparison tells what was left. Other clusters may come and go meanwhile.
 */
final class Traces {
    /** Where a cluster could leave files outside of its own folder. */
    private static final List<Path> PLACES = List.of(
            Path.of("/run/netns"),
            Path.of("/run/jollyboat"),
            Path.of("/var/lib/jollyboat"),
            Path.of("/var/lib/cni"),
            Path.of("/run/containerd"),
            Path.of("/var/log/pods"),
            Path.of("/var/lib/kubelet"));

    private static final int DEPTH = 4;

    private final String name;
    private final Path home;

    Traces(String name, Path home) {
        this.name = name;
        this.home = home;
    }

    TreeSet<String> find() {
        TreeSet<String> found = new TreeSet<>();
        for (String line : lines("ip", "netns", "list")) {
            note(found, "namespace", line);
        }
        for (String line : lines("ip", "-o", "address")) {
            note(found, "device", line);
        }
        for (String line : lines("ip", "-o", "route")) {
            note(found, "route", line);
        }
        for (String line : lines("nft", "list", "tables")) {
            note(found, "rules", line);
        }
        Mounts.points().forEach(point -> note(found, "mount", point.toString()));
        processes().forEach(process -> found.add("process " + process));
        PLACES.forEach(place -> files(place, DEPTH).forEach(file -> note(found, "file", file.toString())));
        files(Path.of("/sys/fs/cgroup"), DEPTH).filter(Files::isDirectory).forEach(f -> note(found, "cgroup", f + ""));
        return found;
    }

    /**
     * The processes that were started for the cluster: by the command line, or by the control group they are in. One
     * without a command line has ended, and waits only for its parent to hear of it.
     */
    Stream<String> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> !text(process, "cmdline").isEmpty())
                .filter(process -> ours(text(process, "cmdline")) || ours(text(process, "cgroup")))
                .map(process -> process.pid() + " " + text(process, "cmdline").replace('\0', ' '));
    }

    private void note(TreeSet<String> found, String what, String line) {
        if (ours(line)) {
            found.add(what + " " + line);
        }
    }

    /** The name is one that nothing else on the machine has in it. */
    private boolean ours(String text) {
        return text.contains(name) || text.contains(home.toString());
    }

    private static List<String> lines(String... command) {
        return Program.run(command).lines().toList();
    }

    private static String text(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static Stream<Path> files(Path folder, int depth) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside
                    .flatMap(file -> Stream.concat(
                            Stream.of(file),
                            depth > 1 && !Files.isSymbolicLink(file) ? files(file, depth - 1) : Stream.empty()))
                    .toList()
                    .stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty(); // it went away
        }
    }
}
