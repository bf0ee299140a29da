package io.jollyboat.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.jollyboat.server.measures.Measure;
import io.jollyboat.world.World;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the process takes, under the names that every Prometheus client has; the Java machine's own beside them. */
final class ProcessMeasures {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern SIZE = Pattern.compile("(VmRSS|VmSize):\\s+(\\d+) kB");

    private final World world;
    private final double start;

    ProcessMeasures(World world) {
        this.world = world;
        this.start = seconds();
    }

    private double seconds() {
        return world.now().toEpochMilli() / 1e3;
    }

    List<Measure> measures() {
        List<Measure> all = new ArrayList<>();
        Runtime runtime = Runtime.getRuntime();
        all.add(Measure.gauge("jvm_memory_used_bytes", "Heap in use.", runtime.totalMemory() - runtime.freeMemory()));
        all.add(Measure.gauge("jvm_memory_max_bytes", "The largest heap.", runtime.maxMemory()));
        all.add(Measure.gauge(
                "jvm_threads_current",
                "Threads of the system.",
                ManagementFactory.getThreadMXBean().getThreadCount()));
        all.add(Measure.gauge("process_start_time_seconds", "When the server started, since 1970.", start));
        all.add(Measure.gauge("process_uptime_seconds", "Time since the start.", seconds() - start));
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(used -> all.add(new Measure(
                        "process_cpu_seconds_total",
                        "counter",
                        "Processor time used.",
                        List.of(new Measure.Sample("", "", used.toMillis() / 1e3)))));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            all.add(Measure.gauge("process_open_fds", "Files that are open.", unix.getOpenFileDescriptorCount()));
            all.add(Measure.gauge("process_max_fds", "How many may be.", unix.getMaxFileDescriptorCount()));
        }
        all.addAll(memory());
        return all;
    }

    /** Nothing where the system does not tell it in Linux's way. */
    private static List<Measure> memory() {
        List<Measure> all = new ArrayList<>();
        try {
            for (Matcher size = SIZE.matcher(Files.readString(STATUS)); size.find(); ) {
                double bytes = 1024.0 * Long.parseLong(size.group(2));
                all.add(
                        size.group(1).equals("VmRSS")
                                ? Measure.gauge("process_resident_memory_bytes", "Memory in use.", bytes)
                                : Measure.gauge("process_virtual_memory_bytes", "Memory that is mapped.", bytes));
            }
        } catch (IOException e) {
            return List.of();
        }
        return all;
    }
}
