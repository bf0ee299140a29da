package io.jollyboat.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every kubectl of this machine: {@code kubectl}, and {@code kubectl-1.NN}, {@code kubectl1.NN} or {@code kubectl.1.NN} on the
 * path, beside what {@code kubectl} really is, in the folder that {@code JOLLY_KUBECTLS} names, and where {@code e2e/kubectls/build}
 * puts them. One of each version.
 */
final class Kubectls {
    private static final Pattern VERSION = Pattern.compile("\"?gitVersion\"?: \"?v1\\.(\\d+)\\.");
    private static final Pattern NAME = Pattern.compile("kubectl([-.]?1\\.(\\d+))?");
    /** The versions that shall be tried; what of them is missing is told. */
    static final List<Integer> WANTED = List.of(27, 28, 29, 30, 31, 32, 33, 34, 35);

    private Kubectls() {}

    /** A kubectl of version 1.{@code minor}. */
    record Found(int minor, Path program) {
        @Override
        public String toString() {
            return "kubectl 1." + minor;
        }
    }

    static List<Found> all() {
        TreeMap<Integer, Found> found = new TreeMap<>();
        folders().stream()
                .flatMap(folder -> programs(folder).stream())
                .sorted(Comparator.comparing(Kubectls::plain)) // which may run another by what the server is
                .map(file -> new Found(minor(file), file))
                .forEach(kubectl -> found.putIfAbsent(kubectl.minor(), kubectl));
        return List.copyOf(found.values());
    }

    private static List<Path> programs(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .filter(Files::isExecutable)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean plain(Path program) {
        return program.endsWith("kubectl");
    }

    private static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            folders.add(Path.of(folder));
            Path kubectl = Path.of(folder, "kubectl");
            if (Files.isExecutable(kubectl)) {
                try {
                    folders.add(kubectl.toRealPath().getParent());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        folders.add(Path.of(System.getenv().getOrDefault("JOLLY_KUBECTLS", "target/kubectls")));
        folders.add(Path.of("target/kubectls"));
        return folders.stream()
                .filter(Files::isDirectory)
                .map(Path::toAbsolutePath)
                .distinct()
                .toList();
    }

    /** As its name says, else as it says itself. */
    private static int minor(Path program) {
        Matcher name = NAME.matcher(program.getFileName().toString());
        if (name.matches() && name.group(2) != null) {
            return Integer.parseInt(name.group(2));
        }
        String said = Program.run(program.toString(), "version", "--client", "-o", "yaml");
        Matcher version = VERSION.matcher(said);
        if (!version.find()) {
            throw new AssertionError(program + " says no version: " + said);
        }
        return Integer.parseInt(version.group(1));
    }
}
