package io.jollyboat.node.host;

import io.jollyboat.node.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes whole folders. */
public final class Folders {
    private Folders() {}

    /** Deletes a folder with all that is in it; links are not followed. Whoever calls has taken the mounts away. */
    public static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> innermostFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path each : innermostFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new NodeException("cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }
}
