package io.jollyboat.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Control groups, in all hierarchies that are mounted (version 1, version 2, or both). */
public final class Cgroups {
    private static final int DEPTH_LIMIT = 8;

    private Cgroups() {}

    /** Removes a group and all below it; one that still has processes stays. */
    public static void remove(String group) {
        for (Path root : roots()) {
            Path folder = root.resolve(group.replaceFirst("^/+", ""));
            if (Files.isDirectory(folder)) {
                removeTree(folder);
            }
        }
    }

    /** The processes in a group and below it, in any hierarchy. */
    public static List<Long> processes(String group) {
        List<Long> found = new ArrayList<>();
        for (Path root : roots()) {
            Path folder = root.resolve(group.replaceFirst("^/+", ""));
            for (Path each : folders(folder)) {
                try {
                    Files.readAllLines(each.resolve("cgroup.procs")).stream()
                            .map(Long::valueOf)
                            .forEach(found::add);
                } catch (IOException e) {
                    // The group went away while it was read: it has no processes.
                }
            }
        }
        return found.stream().distinct().toList();
    }

    /**
     * What a group's file such as {@code cpu.stat} says, a name and a number in each line; of the first hierarchy that
     * has it. Empty where none has.
     */
    public static Map<String, Long> numbers(String group, String file) {
        for (Path root : roots()) {
            Path path = root.resolve(group.replaceFirst("^/+", "")).resolve(file);
            if (Files.isRegularFile(path)) {
                return numbers(path);
            }
        }
        return Map.of();
    }

    private static Map<String, Long> numbers(Path file) {
        Map<String, Long> numbers = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ");
                if (words.length == 2 && words[1].matches("[0-9]{1,18}")) {
                    numbers.put(words[0], Long.parseLong(words[1]));
                }
            }
        } catch (IOException e) {
            // The group went away while it was read.
        }
        return numbers;
    }

    private static void removeTree(Path folder) {
        for (Path each : folders(folder)) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                // Still in use: its last process ends later, and the next removal takes it.
            }
        }
    }

    /** The folder and all below, the innermost first. */
    private static List<Path> folders(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder, DEPTH_LIMIT)) {
            return walk.filter(Files::isDirectory)
                    .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                    .toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();
        }
    }

    private static List<Path> roots() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" "))
                    .filter(column -> column[2].equals("cgroup") || column[2].equals("cgroup2"))
                    .map(column -> Path.of(column[1]))
                    .toList();
        } catch (IOException e) {
            throw new LinuxException("cannot read the mounts", e);
        }
    }
}
