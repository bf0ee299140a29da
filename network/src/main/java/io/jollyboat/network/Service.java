package io.jollyboat.network;

import io.jollyboat.client.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What proxy, DNS and load balancer need of a Service.
 *
 * @param clusterIps its own addresses, the first of the primary family; none for headless and ExternalName
 * @param headless has endpoints but no address of its own (clusterIP None)
 * @param externalName "" unless the type is ExternalName
 * @param loadBalancerIps those of the status that the proxy answers for (ipMode VIP, KEP-1860)
 * @param affinity how long a client stays with its endpoint; empty for no affinity
 * @param externalLocal traffic from outside goes to this node's endpoints only and keeps its source
 * @param internalLocal traffic from inside goes to this node's endpoints only
 * @param sourceRanges who may use the load balancer's addresses, CIDRs; none means everybody
 * @param healthCheckNodePort 0 when it has none
 */
public record Service(
        Key key,
        Type type,
        List<String> clusterIps,
        boolean headless,
        String externalName,
        List<ServicePort> ports,
        List<String> externalIps,
        List<String> loadBalancerIps,
        Optional<Duration> affinity,
        boolean externalLocal,
        boolean internalLocal,
        List<String> sourceRanges,
        int healthCheckNodePort,
        boolean publishNotReady) {
    /** How a Service is reached. */
    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    private static final int DEFAULT_AFFINITY_SECONDS = 10800;

    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        sourceRanges = List.copyOf(sourceRanges);
    }

    /** The projection of a v1 Service. */
    public static Service of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        Type type = type(spec.path("type").stringValue("ClusterIP"));
        List<String> addresses = texts(spec.path("clusterIPs"));
        String first = spec.path("clusterIP").stringValue("");
        if (addresses.isEmpty() && !first.isEmpty()) {
            addresses = List.of(first);
        }
        boolean external = type == Type.EXTERNAL_NAME;
        boolean headless = !external && addresses.contains("None");
        return new Service(
                Key.of(object),
                type,
                headless || external ? List.of() : addresses,
                headless,
                external ? spec.path("externalName").stringValue("") : "",
                ports(spec.path("ports")),
                headless || external ? List.of() : texts(spec.path("externalIPs")),
                type == Type.LOAD_BALANCER ? ingress(object.path("status")) : List.of(),
                affinity(spec),
                spec.path("externalTrafficPolicy").stringValue("").equals("Local"),
                spec.path("internalTrafficPolicy").stringValue("").equals("Local"),
                type == Type.LOAD_BALANCER ? texts(spec.path("loadBalancerSourceRanges")) : List.of(),
                spec.path("healthCheckNodePort").intValue(0),
                spec.path("publishNotReadyAddresses").booleanValue(false));
    }

    private static Type type(String name) {
        return switch (name) {
            case "NodePort" -> Type.NODE_PORT;
            case "LoadBalancer" -> Type.LOAD_BALANCER;
            case "ExternalName" -> Type.EXTERNAL_NAME;
            default -> Type.CLUSTER_IP;
        };
    }

    private static List<ServicePort> ports(JsonNode list) {
        List<ServicePort> ports = new ArrayList<>();
        for (JsonNode port : list) {
            ports.add(new ServicePort(
                    port.path("name").stringValue(""),
                    Protocol.of(port.path("protocol").stringValue("TCP")),
                    port.path("port").intValue(0),
                    port.path("nodePort").intValue(0)));
        }
        return ports;
    }

    private static List<String> ingress(JsonNode status) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode entry : status.path("loadBalancer").path("ingress")) {
            String address = entry.path("ip").stringValue("");
            if (!address.isEmpty() && !entry.path("ipMode").stringValue("VIP").equals("Proxy")) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static Optional<Duration> affinity(JsonNode spec) {
        if (!spec.path("sessionAffinity").stringValue("None").equals("ClientIP")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(spec.path("sessionAffinityConfig")
                .path("clientIP")
                .path("timeoutSeconds")
                .intValue(DEFAULT_AFFINITY_SECONDS)));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : list) {
            texts.add(entry.stringValue(""));
        }
        return texts;
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
