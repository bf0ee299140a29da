package io.jollyboat.node;

import io.jollyboat.node.cri.v1.ContainerStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What something uses of the machine.
 *
 * @param time when it was looked at
 * @param cpuNanos processor time since it began, in nanoseconds
 * @param memoryBytes the working set
 */
record Usage(Instant time, long cpuNanos, long memoryBytes) {
    /** /proc/stat counts in hundredths of a second. */
    private static final long TICK_NANOS = 10_000_000;

    private static final Path LOAD = Path.of("/proc/stat");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    /** Of one container, named by the labels that it was made with. */
    record OfContainer(String namespace, String pod, String uid, String container, Usage usage) {
        static OfContainer of(ContainerStats stats, Instant now) {
            Map<String, String> labels = stats.getAttributes().getLabelsMap();
            return new OfContainer(
                    labels.getOrDefault("io.kubernetes.pod.namespace", ""),
                    labels.getOrDefault("io.kubernetes.pod.name", ""),
                    labels.getOrDefault("io.kubernetes.pod.uid", ""),
                    stats.getAttributes().getMetadata().getName(),
                    new Usage(
                            now,
                            stats.getCpu().getUsageCoreNanoSeconds().getValue(),
                            stats.getMemory().getWorkingSetBytes().getValue()));
        }
    }

    Usage plus(Usage other) {
        return new Usage(time, cpuNanos + other.cpuNanos, memoryBytes + other.memoryBytes);
    }

    /** Of the whole machine, which a nested node shares with others. */
    static Usage ofMachine(Instant now) {
        try {
            List<Long> times = Stream.of(Files.readAllLines(LOAD).getFirst().split(" +"))
                    .skip(1)
                    .map(Long::parseLong)
                    .toList();
            long idle = times.get(3) + times.get(4);
            long busy = times.stream().limit(8).mapToLong(Long::longValue).sum() - idle;
            long used = memory("MemTotal:") - memory("MemAvailable:");
            return new Usage(now, busy * TICK_NANOS, used * 1024);
        } catch (IOException e) {
            throw new NodeException("cannot learn what this machine does: " + e.getMessage(), e);
        }
    }

    private static long memory(String field) throws IOException {
        return Files.readAllLines(MEMORY).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
