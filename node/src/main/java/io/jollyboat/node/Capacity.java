package io.jollyboat.node;

import io.jollyboat.api.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the machine has.
 *
 * @param cpus whole processors
 * @param memoryBytes of main memory
 * @param diskBytes of the file system that holds the node's folder
 */
record Capacity(int cpus, long memoryBytes, long diskBytes) {
    static Capacity of(Path folder) {
        try {
            long kibibytes = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
            return new Capacity(
                    Runtime.getRuntime().availableProcessors(),
                    kibibytes * 1024,
                    Files.getFileStore(folder).getTotalSpace());
        } catch (IOException e) {
            throw new NodeException("cannot learn what this machine has: " + e.getMessage(), e);
        }
    }

    /** By Kubernetes' name: cpu, memory or ephemeral-storage. */
    Optional<Quantity> of(String resource) {
        return switch (resource) {
            case "cpu" -> Quantity.parse(Integer.toString(cpus));
            case "memory" -> Quantity.parse(memoryBytes / 1024 + "Ki");
            case "ephemeral-storage" -> Quantity.parse(diskBytes / 1024 + "Ki");
            default -> Optional.empty();
        };
    }
}
