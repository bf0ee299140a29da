package io.jollyboat.node;

import io.jollyboat.api.Quantity;
import io.jollyboat.node.Pod.Container;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A Pod that may have to go because the disk is full.
 *
 * @param used bytes of its logs and volumes
 * @param requested bytes of ephemeral storage
 */
record Victim(PodWorker worker, long priority, long used, long requested) {
    /** Pods of this priority and above belong to the system and stay. */
    private static final long CRITICAL = 2_000_000_000;

    static Victim of(PodWorker worker, NodeHost host) {
        Pod pod = worker.pod();
        PodFiles files = PodFiles.of(host, pod);
        long requested = 0;
        for (Container container : pod.containers()) {
            requested += Allowance.quantity(container.spec().path("resources"), "requests", "ephemeral-storage")
                    .map(Quantity::units)
                    .orElse(0L);
        }
        return new Victim(
                worker,
                pod.spec().path("priority").longValue(0),
                bytes(files.folder()) + bytes(files.logs()),
                requested);
    }

    /**
     * Who goes first: who uses more than was requested, then the less important, then who uses most beyond the request.
     *
     * <p>Source: Kubernetes documentation, "Node-pressure Eviction".
     */
    static Optional<Victim> first(List<Victim> all) {
        return all.stream()
                .filter(victim -> victim.priority < CRITICAL)
                .max(Comparator.comparing((Victim victim) -> victim.used > victim.requested)
                        .thenComparing(victim -> -victim.priority)
                        .thenComparing(victim -> victim.used - victim.requested));
    }

    private static long bytes(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long[] sum = {0};
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // it went while it was counted
                }
            });
        } catch (IOException e) {
            throw new NodeException("cannot count the files in " + folder + ": " + e.getMessage(), e);
        }
        return sum[0];
    }
}
