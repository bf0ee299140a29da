package io.jollyboat.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a cluster keeps what. Everything lies under one folder, so that deleting it deletes all of it. */
public record Folders(Path root) {
    /** Where clusters are kept: {@code $JOLLY_HOME}, else {@code /var/lib/jollyboat}. */
    public static Path allClusters() {
        return Path.of(Optional.ofNullable(System.getenv("JOLLY_HOME")).orElse("/var/lib/jollyboat"));
    }

    public static Folders of(String cluster) {
        return new Folders(allClusters().resolve(cluster));
    }

    /** The names of the clusters on this machine, running or not. */
    public static List<String> clusters() {
        if (!Files.isDirectory(allClusters())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(allClusters())) {
            return folders.filter(f -> Files.exists(f.resolve("settings.json")))
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ClusterException(allClusters() + " cannot be read: " + e.getMessage(), e);
        }
    }

    public Path settings() {
        return root.resolve("settings.json");
    }

    public Path certificates() {
        return root.resolve("certificates");
    }

    public Path store() {
        return root.resolve("store");
    }

    public Path images() {
        return root.resolve("images");
    }

    public Path node(String node) {
        return root.resolve("nodes").resolve(node);
    }

    /** Which images were built from which recipes. */
    public Path recipes() {
        return root.resolve("recipes");
    }

    /** What the server process says. */
    public Path log() {
        return root.resolve("log");
    }

    /** The process id of the server, while it runs. */
    public Path processId() {
        return root.resolve("server.pid");
    }

    /** Where the running server hears of what is no matter of its API. */
    public Path control() {
        return root.resolve("control");
    }

    /** Credentials of the cluster's administrator, as a kubeconfig. */
    public Path administrator() {
        return root.resolve("admin.kubeconfig");
    }
}
