package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.ServicePort;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be known of a Service to give it ports and to tell of them.
 *
 * @param ours a load balancer without a class, and not being deleted
 * @param ports none unless it is ours
 * @param present what its status tells now
 */
record BalancedService(Key key, String uid, Instant created, boolean ours, List<ServicePort> ports, Standing present) {
    /** Finds those that have ports, or a status of ours to be taken back. */
    static final Index<BalancedService> CONCERNED = new Index<>("concerned", BalancedService::concerned);

    private static final String ANY = "any";

    BalancedService {
        ports = List.copyOf(ports);
    }

    /** The projection of a v1 Service. A Service whose loadBalancerClass is set is another's business altogether. */
    static BalancedService of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        JsonNode metadata = object.path("metadata");
        boolean balancer = spec.path("type").stringValue("").equals("LoadBalancer");
        boolean foreign = balancer && spec.hasNonNull("loadBalancerClass");
        boolean going = metadata.hasNonNull("deletionTimestamp");
        boolean ours = balancer && !foreign && !going;
        return new BalancedService(
                Key.of(object),
                metadata.path("uid").stringValue(""),
                time(metadata.path("creationTimestamp").stringValue("")),
                ours,
                ours ? ports(spec) : List.of(),
                foreign || going ? Standing.NONE : Standing.of(object));
    }

    static Protocol protocol(JsonNode port) {
        return switch (port.path("protocol").stringValue("TCP")) {
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            default -> Protocol.TCP;
        };
    }

    boolean established() {
        return !present.ingress().isEmpty();
    }

    private List<String> concerned() {
        return ours || !present.equals(Standing.NONE) ? List.of(ANY) : List.of();
    }

    static String any() {
        return ANY;
    }

    private static List<ServicePort> ports(JsonNode spec) {
        List<ServicePort> ports = new ArrayList<>();
        for (JsonNode port : spec.path("ports")) {
            ports.add(new ServicePort(
                    port.path("name").stringValue(""),
                    protocol(port),
                    port.path("port").intValue(0),
                    port.path("nodePort").intValue(0)));
        }
        return ports;
    }

    private static Instant time(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
