package io.jollyboat.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where the files of one Pod lie: volumes and such in one folder, logs in another. */
record PodFiles(Path folder, Path logs) {
    /** The folder of all Pods' files. */
    static Path pods(NodeHost host) {
        return host.folder().resolve("pods");
    }

    /** The folder of all Pods' logs. */
    static Path logs(NodeHost host) {
        return host.folder().resolve("logs");
    }

    static PodFiles of(NodeHost host, Pod pod) {
        return new PodFiles(
                pods(host).resolve(pod.uid()),
                logs(host).resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid()));
    }

    Path volume(String name) {
        return folder.resolve("volumes").resolve(name);
    }

    Path hosts() {
        return folder.resolve("etc-hosts");
    }

    Path terminationMessage(String container, int attempt) {
        return folder.resolve("containers").resolve(container).resolve(attempt + "-message");
    }

    Path log(String container, int attempt) {
        return logs.resolve(container).resolve(attempt + ".log");
    }

    /** Deletes a folder with all in it; links are not followed. */
    static void delete(Path folder) {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
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
