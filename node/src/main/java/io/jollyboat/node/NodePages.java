package io.jollyboat.node;

import io.jollyboat.api.Streams.Page;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the node shows of itself through the API's node proxy, under the paths and in the forms of a kubelet.
 *
 * <p>Source: Kubernetes' documentation, "Node metrics data", "Metrics for the kubelet", and the kubelet's summary API.
 */
final class NodePages {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
    private static final double NANOS = 1e9;

    private final Surroundings around;
    private final AgentSettings settings;

    NodePages(Surroundings around, AgentSettings settings) {
        this.around = around;
        this.settings = settings;
    }

    /** @return empty where there is no such page */
    Optional<Page> page(String path) {
        if (path.startsWith(NodeLogs.FOLDER)) {
            return new NodeLogs(around.host()).page(path);
        }
        return switch (path.replaceAll("/+$", "")) {
            case "/healthz", "/healthz/ping", "/healthz/syncloop" -> Optional.of(Page.text(TEXT, "ok"));
            case "/pods", "/runningpods" -> Optional.of(Page.text(JSON, pods().toString()));
            case "/stats/summary" -> Optional.of(Page.text(JSON, summary().toString()));
            case "/metrics/resource" -> Optional.of(Page.text(METRICS, resources()));
            case "/metrics/cadvisor" -> Optional.of(Page.text(METRICS, new ContainerMetrics(around).text()));
            case "/metrics/probes" ->
                Optional.of(Page.text(METRICS, around.probes().text()));
            case "/metrics" -> Optional.of(Page.text(METRICS, metrics()));
            case "/configz" -> Optional.of(Page.text(JSON, configuration().toString()));
            default -> Optional.empty();
        };
    }

    private ObjectNode pods() {
        ObjectNode list =
                JsonNodeFactory.instance.objectNode().put("kind", "PodList").put("apiVersion", "v1");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (Pod pod : around.pods().get()) {
            ObjectNode whole = pod.object().deepCopy();
            whole.set("status", pod.status());
            items.add(whole);
        }
        return list;
    }

    private Instant now() {
        return around.world().now().truncatedTo(ChronoUnit.SECONDS);
    }

    private List<Usage.OfContainer> containers() {
        Instant now = now();
        return around.cri().stats().stream()
                .map(stats -> Usage.OfContainer.of(stats, now))
                .toList();
    }

    private ObjectNode summary() {
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        ObjectNode node =
                summary.putObject("node").put("nodeName", around.host().name());
        usage(node, Usage.ofMachine(now()));
        Disk disk = Disk.of(around.host().folder());
        node.putObject("fs")
                .put("time", now().toString())
                .put("capacityBytes", disk.total())
                .put("availableBytes", disk.available())
                .put("usedBytes", disk.total() - disk.available());
        Map<String, List<Usage.OfContainer>> running = byPod(containers());
        ArrayNode pods = summary.putArray("pods");
        running.forEach((uid, containers) -> {
            Usage.OfContainer first = containers.getFirst();
            ObjectNode pod = pods.addObject();
            pod.putObject("podRef")
                    .put("name", first.pod())
                    .put("namespace", first.namespace())
                    .put("uid", uid);
            ArrayNode list = pod.putArray("containers");
            containers.forEach(each -> usage(list.addObject().put("name", each.container()), each.usage()));
            usage(pod, sum(containers));
        });
        return summary;
    }

    private static Map<String, List<Usage.OfContainer>> byPod(List<Usage.OfContainer> containers) {
        Map<String, List<Usage.OfContainer>> pods = new LinkedHashMap<>();
        containers.forEach(each ->
                pods.computeIfAbsent(each.uid(), uid -> new ArrayList<>()).add(each));
        return pods;
    }

    private static Usage sum(List<Usage.OfContainer> containers) {
        return containers.stream()
                .map(Usage.OfContainer::usage)
                .reduce(Usage::plus)
                .orElse(new Usage(Instant.EPOCH, 0, 0));
    }

    private static void usage(ObjectNode of, Usage usage) {
        of.putObject("cpu").put("time", usage.time().toString()).put("usageCoreNanoSeconds", usage.cpuNanos());
        of.putObject("memory").put("time", usage.time().toString()).put("workingSetBytes", usage.memoryBytes());
    }

    /** What a metrics server reads. */
    private String resources() {
        Metric cpu = new Metric("container_cpu_usage_seconds_total", "counter", "Processor time of the container");
        Metric memory = new Metric("container_memory_working_set_bytes", "gauge", "Working set of the container");
        Metric podCpu = new Metric("pod_cpu_usage_seconds_total", "counter", "Processor time of the pod");
        Metric podMemory = new Metric("pod_memory_working_set_bytes", "gauge", "Working set of the pod");
        List<Usage.OfContainer> containers = containers();
        for (Usage.OfContainer each : containers) {
            String labels = "{container=\"%s\",namespace=\"%s\",pod=\"%s\"}"
                    .formatted(each.container(), each.namespace(), each.pod());
            cpu.add(labels, each.usage().cpuNanos() / NANOS);
            memory.add(labels, each.usage().memoryBytes());
        }
        byPod(containers).values().forEach(pod -> {
            String labels = "{namespace=\"%s\",pod=\"%s\"}"
                    .formatted(pod.getFirst().namespace(), pod.getFirst().pod());
            podCpu.add(labels, sum(pod).cpuNanos() / NANOS);
            podMemory.add(labels, sum(pod).memoryBytes());
        });
        Usage machine = Usage.ofMachine(now());
        Metric nodeCpu = new Metric("node_cpu_usage_seconds_total", "counter", "Processor time of the node");
        nodeCpu.add("", machine.cpuNanos() / NANOS);
        Metric nodeMemory = new Metric("node_memory_working_set_bytes", "gauge", "Working set of the node");
        nodeMemory.add("", machine.memoryBytes());
        Metric error = new Metric("resource_scrape_error", "gauge", "1 if there was an error, 0 otherwise");
        error.add("", 0);
        return cpu.text()
                + memory.text()
                + nodeCpu.text()
                + nodeMemory.text()
                + podCpu.text()
                + podMemory.text()
                + error.text();
    }

    private String metrics() {
        Metric name = new Metric("kubelet_node_name", "gauge", "The node's name; the count is always 1");
        name.add("{node=\"" + around.host().name() + "\"}", 1);
        Metric pods = new Metric("kubelet_running_pods", "gauge", "Pods that have a running container");
        Metric containers = new Metric("kubelet_running_containers", "gauge", "Containers by their state");
        List<Usage.OfContainer> running = containers();
        pods.add("", byPod(running).size());
        containers.add("{container_state=\"running\"}", running.size());
        Metric wanted = new Metric("kubelet_desired_pods", "gauge", "Pods that are bound to the node");
        wanted.add("{static=\"\"}", around.pods().get().size());
        return wanted.text() + name.text() + containers.text() + pods.text();
    }

    private ObjectNode configuration() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode config = root.putObject("kubeletconfig")
                .put("kind", "KubeletConfiguration")
                .put("apiVersion", "kubelet.config.k8s.io/v1beta1")
                .put("clusterDomain", settings.domain())
                .put("maxPods", settings.maxPods())
                .put("cgroupDriver", "cgroupfs")
                .put("containerRuntimeEndpoint", "unix://" + around.host().socket())
                .put("podCIDR", String.join(",", around.host().podCidrs()));
        config.putArray("clusterDNS").add(settings.dnsAddress());
        return root;
    }
}
