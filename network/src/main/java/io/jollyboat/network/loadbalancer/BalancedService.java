package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.ServicePort;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be known of a Service to give it ports and to tell of them.
 *
 * @param ours a load balancer without a class, and not being deleted
 * @param ports none unless it is ours
 * @param address that it asks for (spec.loadBalancerIP), "" for any
 * @param families of its addresses: IPv4, IPv6 or both
 * @param present what its status tells now
 */
record BalancedService(
        Key key,
        String uid,
        Instant created,
        boolean ours,
        List<ServicePort> ports,
        String address,
        Set<String> families,
        Standing present) {
    /** The older first. The API tells ages in whole seconds: of those alike, who has an address already, then the name. */
    static final Comparator<BalancedService> BY_AGE = Comparator.comparing(BalancedService::created)
            .thenComparing(service -> !service.established())
            .thenComparing(service -> service.key().toString());

    /** Finds those that have ports, or a status of ours to be taken back. */
    static final Index<BalancedService> CONCERNED = new Index<>("concerned", BalancedService::concerned);

    private static final String ANY = "any";
    private static final String IPV4 = "IPv4";
    private static final String IPV6 = "IPv6";

    BalancedService {
        ports = List.copyOf(ports);
        families = Set.copyOf(families);
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
                spec.path("loadBalancerIP").stringValue(""),
                families(spec.path("ipFamilies")),
                foreign || going ? Standing.NONE : Standing.of(object));
    }

    private static Set<String> families(JsonNode list) {
        Set<String> families = new HashSet<>();
        for (JsonNode family : list) {
            families.add(family.stringValue(""));
        }
        return families.isEmpty() ? Set.of(IPV4) : families;
    }

    /** Whether an address is of a family that the Service has. */
    boolean speaks(String address) {
        return families.contains(address.indexOf(':') < 0 ? IPV4 : IPV6);
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
