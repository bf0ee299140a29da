package io.jollyboat.node;

import io.jollyboat.linux.Cgroups;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.v1.ContainerStats;
import io.jollyboat.node.cri.v1.PodSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page {@code metrics/cadvisor}: what containers and Pods use, under the names of cAdvisor that the dashboards of
 * kubernetes-mixin ask for. What the machine does not tell is left out.
 */
final class ContainerMetrics {
    private static final double NANOS = 1e9;
    private static final String NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String POD = "io.kubernetes.pod.name";
    private static final String UID = "io.kubernetes.pod.uid";

    /** Where Linux tells what went over an interface: the ninth number begins what was sent. */
    private static final Map<String, Integer> COUNTS = counts();

    private final Surroundings around;
    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    ContainerMetrics(Surroundings around) {
        this.around = around;
        counter("cpu_usage_seconds_total", "Processor time");
        counter("cpu_cfs_periods_total", "Periods in which a limit was watched");
        counter("cpu_cfs_throttled_periods_total", "Periods in which it held processes up");
        gauge("memory_working_set_bytes", "Memory that cannot be taken back");
        gauge("memory_usage_bytes", "Memory with all caches");
        gauge("memory_rss", "Memory of the processes' own");
        gauge("memory_cache", "Memory of files");
        gauge("memory_swap", "Memory that was swapped out");
        gauge("fs_usage_bytes", "What the container wrote to its own file system");
        COUNTS.keySet().forEach(name -> counter(name, "What went over the Pod's interface"));
    }

    private static Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        List<String> sorts = List.of("bytes", "packets", "errors", "packets_dropped");
        for (int i = 0; i < sorts.size(); i++) {
            counts.put("network_receive_" + sorts.get(i) + "_total", i);
            counts.put("network_transmit_" + sorts.get(i) + "_total", i + 8);
        }
        return counts;
    }

    private void counter(String name, String help) {
        metrics.put(name, new Metric("container_" + name, "counter", help));
    }

    private void gauge(String name, String help) {
        metrics.put(name, new Metric("container_" + name, "gauge", help));
    }

    private void add(String name, String labels, double value) {
        Metric metric = metrics.get(name);
        if (metric == null) {
            throw new IllegalArgumentException(name);
        }
        metric.add(labels, value);
    }

    /** All of it, in Prometheus' form. */
    String text() {
        Map<String, Pod> pods = byUid(around.pods().get());
        around.cri().stats().forEach(stats -> container(stats, pods));
        around.cri().sandboxes(Map.of()).forEach(this::sandbox);
        Usage machine = Usage.ofMachine(Instant.EPOCH);
        String root = labels("", "/", "", "", Map.of(), "");
        add("cpu_usage_seconds_total", cpu(root), machine.cpuNanos() / NANOS);
        add("memory_working_set_bytes", root, machine.memoryBytes());
        Metric cores = new Metric("machine_cpu_cores", "gauge", "Processors of the machine");
        cores.add("", around.capacity().cpus());
        Metric memory = new Metric("machine_memory_bytes", "gauge", "Memory of the machine");
        memory.add("", around.capacity().memoryBytes());
        return metrics.values().stream().map(Metric::text).collect(Collectors.joining()) + cores.text() + memory.text();
    }

    private static Map<String, Pod> byUid(Collection<Pod> pods) {
        Map<String, Pod> byUid = new HashMap<>();
        pods.forEach(pod -> byUid.put(pod.uid(), pod));
        return byUid;
    }

    private void container(ContainerStats stats, Map<String, Pod> pods) {
        Map<String, String> of = stats.getAttributes().getLabelsMap();
        String uid = of.getOrDefault(UID, "");
        String id = stats.getAttributes().getId();
        String group = SandboxConfigs.cgroup(around.host(), uid) + "/" + id;
        String name = stats.getAttributes().getMetadata().getName();
        String image = pods.containsKey(uid)
                ? pods.get(uid)
                        .container(name)
                        .map(container -> container.spec().path("image").asString(""))
                        .orElse("")
                : "";
        String labels = labels(name, group, image, id, of, "");
        add(
                "cpu_usage_seconds_total",
                cpu(labels),
                stats.getCpu().getUsageCoreNanoSeconds().getValue() / NANOS);
        add(
                "memory_working_set_bytes",
                labels,
                stats.getMemory().getWorkingSetBytes().getValue());
        add("memory_usage_bytes", labels, stats.getMemory().getUsageBytes().getValue());
        add("memory_rss", labels, stats.getMemory().getRssBytes().getValue());
        add("fs_usage_bytes", labels, stats.getWritableLayer().getUsedBytes().getValue());
        Map<String, Long> cpu = Cgroups.numbers(group, "cpu.stat");
        add(cpu, labels, "cpu_cfs_periods_total", "nr_periods");
        add(cpu, labels, "cpu_cfs_throttled_periods_total", "nr_throttled");
        Map<String, Long> memory = Cgroups.numbers(group, "memory.stat");
        add(memory, labels, "memory_cache", memory.containsKey("total_cache") ? "total_cache" : "file");
        add(memory, labels, "memory_swap", "total_swap");
    }

    private void add(Map<String, Long> numbers, String labels, String name, String number) {
        Long value = numbers.get(number);
        if (value != null) {
            add(name, labels, value);
        }
    }

    /** What a Pod sent and received, as its first process sees it. */
    private void sandbox(PodSandbox sandbox) {
        try {
            String info = around.cri().sandbox(sandbox.getId()).getInfoMap().getOrDefault("info", "{}");
            JsonNode known = JsonMapper.shared().readTree(info);
            int process = known.path("pid").intValue(0);
            if (process > 0) {
                Map<String, String> of = sandbox.getLabelsMap();
                String group = SandboxConfigs.cgroup(around.host(), of.getOrDefault(UID, ""));
                String image = known.path("image").asString("");
                for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(process), "net", "dev"))) {
                    interfaces(line, name -> labels("", group, image, sandbox.getId(), of, name));
                }
            }
        } catch (CriException | IOException e) {
            // The Pod has ended meanwhile.
        }
    }

    /** @param labels of an interface by its name */
    private void interfaces(String line, UnaryOperator<String> labels) {
        String[] parts = line.strip().split(":\\s*|\\s+");
        if (parts.length == 17 && !parts[0].equals("lo")) {
            String of = labels.apply("interface=\"" + parts[0] + "\",");
            COUNTS.forEach((name, at) -> add(name, of, Long.parseLong(parts[at + 1])));
        }
    }

    private static String cpu(String labels) {
        return labels.replace(",id=", ",cpu=\"total\",id=");
    }

    /** @param more further labels, each with a comma behind */
    private static String labels(
            String container, String group, String image, String name, Map<String, String> of, String more) {
        return "{container=\"%s\",id=\"%s\",image=\"%s\",%sname=\"%s\",namespace=\"%s\",pod=\"%s\"}"
                .formatted(
                        container, group, image, more, name, of.getOrDefault(NAMESPACE, ""), of.getOrDefault(POD, ""));
    }
}
