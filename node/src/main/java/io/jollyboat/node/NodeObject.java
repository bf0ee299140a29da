package io.jollyboat.node;

import io.jollyboat.api.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The Node object of this machine, as the kubelet registers it. */
final class NodeObject {
    private final NodeHost host;
    private final AgentSettings settings;
    private final Capacity capacity;

    NodeObject(NodeHost host, AgentSettings settings, Capacity capacity) {
        this.host = host;
        this.settings = settings;
        this.capacity = capacity;
    }

    /** What is created where there is no Node yet. */
    ObjectNode object() {
        ObjectNode node = announced(host.name(), settings);
        node.set("spec", spec());
        return node;
    }

    ObjectNode spec() {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("podCIDR", host.podCidr());
        ArrayNode ranges = spec.putArray("podCIDRs");
        host.podCidrs().forEach(ranges::add);
        return spec;
    }

    ObjectNode labels() {
        return labels(host.name(), settings);
    }

    /** The Node of that name before its host is known. */
    static ObjectNode announced(String name, AgentSettings settings) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("apiVersion", "v1").put("kind", "Node");
        ObjectNode metadata = node.putObject("metadata").put("name", name);
        metadata.putObject("annotations").put("volumes.kubernetes.io/controller-managed-attach-detach", "true");
        metadata.set("labels", labels(name, settings));
        return node;
    }

    private static ObjectNode labels(String name, AgentSettings settings) {
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        settings.labels().forEach(labels::put);
        for (String prefix : new String[] {"", "beta."}) {
            labels.put(prefix + "kubernetes.io/arch", architecture());
            labels.put(prefix + "kubernetes.io/os", "linux");
        }
        return labels.put("kubernetes.io/hostname", name);
    }

    /**
     * The status.
     *
     * @param before the status in the API
     * @param runtime name and version of the container runtime
     * @param notReady why no Pods can run, empty when they can
     * @param diskPressure whether the disk is full
     */
    ObjectNode status(JsonNode before, String runtime, Optional<String> notReady, boolean diskPressure, Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        var addresses = status.putArray("addresses");
        for (String address : host.addresses()) {
            addresses.addObject().put("address", address).put("type", "InternalIP");
        }
        addresses.addObject().put("address", host.name()).put("type", "Hostname");
        for (String field : new String[] {"capacity", "allocatable"}) {
            ObjectNode amounts = status.putObject(field);
            for (String resource : new String[] {"cpu", "ephemeral-storage", "memory"}) {
                capacity.of(resource).map(Quantity::toString).ifPresent(text -> amounts.put(resource, text));
            }
            amounts.put("pods", Integer.toString(settings.maxPods()));
        }
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var conditions = status.putArray("conditions");
        JsonNode old = before.path("conditions");
        for (Pressure pressure : Pressure.values()) {
            conditions.add(
                    diskPressure && pressure == Pressure.DISK
                            ? condition(
                                    old,
                                    pressure.type,
                                    true,
                                    "KubeletHasDiskPressure",
                                    "kubelet has disk pressure",
                                    time)
                            : condition(old, pressure.type, false, pressure.reason, pressure.message, time));
        }
        conditions.add(condition(
                old,
                "Ready",
                notReady.isEmpty(),
                notReady.isEmpty() ? "KubeletReady" : "KubeletNotReady",
                notReady.orElse("kubelet is posting ready status"),
                time));
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
        status.set("nodeInfo", info(runtime));
        return status;
    }

    /** What a node may be short of; of memory and processes it never says so, for they are not measured yet. */
    private enum Pressure {
        MEMORY("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        DISK("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        PID("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available");

        private final String type;
        private final String reason;
        private final String message;

        Pressure(String type, String reason, String message) {
            this.type = type;
            this.reason = reason;
            this.message = message;
        }
    }

    private static ObjectNode condition(
            JsonNode before, String type, boolean holds, String reason, String message, String now) {
        JsonNode old = Conditions.find(before, type);
        String status = holds ? "True" : "False";
        boolean same = old.path("status").stringValue("").equals(status);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("lastHeartbeatTime", now);
        node.put("lastTransitionTime", same ? old.path("lastTransitionTime").stringValue(now) : now);
        return node.put("message", message)
                .put("reason", reason)
                .put("status", status)
                .put("type", type);
    }

    private ObjectNode info(String runtime) {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        info.put("architecture", architecture());
        info.put("bootID", text("/proc/sys/kernel/random/boot_id"));
        info.put("containerRuntimeVersion", runtime);
        info.put("kernelVersion", text("/proc/sys/kernel/osrelease"));
        info.put("kubeProxyVersion", "");
        info.put("kubeletVersion", settings.version());
        info.put("machineID", text("/etc/machine-id"));
        info.put("operatingSystem", "linux");
        info.put("osImage", osImage());
        info.put("systemUUID", text("/sys/class/dmi/id/product_uuid"));
        return info;
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : System.getProperty("os.arch");
    }

    private static String osImage() {
        return text("/etc/os-release")
                .lines()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("Linux");
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
