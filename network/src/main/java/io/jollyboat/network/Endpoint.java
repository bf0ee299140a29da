package io.jollyboat.network;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Who serves a Service: one address with what its slices say of it.
 *
 * @param address IPv4 or IPv6
 * @param hostname "" when it has none
 * @param ports empty for a headless Service without ports
 * @param ready gets new connections (publishNotReadyAddresses is in it already)
 * @param serving answers, perhaps while terminating
 * @param node "" when unknown, likewise {@code zone}
 * @param zones hints: the zones that should use it; none given means all, likewise {@code nodes}
 */
public record Endpoint(
        String address,
        String hostname,
        List<EndpointPort> ports,
        boolean ready,
        boolean serving,
        boolean terminating,
        String node,
        String zone,
        Set<String> zones,
        Set<String> nodes) {
    public Endpoint {
        ports = List.copyOf(ports);
        zones = Set.copyOf(zones);
        nodes = Set.copyOf(nodes);
    }

    /** A ready endpoint of which nothing more is known. */
    public static Endpoint ready(String address, EndpointPort... ports) {
        return new Endpoint(address, "", List.of(ports), true, true, false, "", "", Set.of(), Set.of());
    }

    public Endpoint on(String newNode) {
        return new Endpoint(address, hostname, ports, ready, serving, terminating, newNode, zone, zones, nodes);
    }

    /** The same as it ends: it still answers what came before, or not even that. */
    public Endpoint ending(boolean stillServing) {
        return new Endpoint(address, hostname, ports, false, stillServing, true, node, zone, zones, nodes);
    }

    public boolean isIpv6() {
        return address.indexOf(':') >= 0;
    }

    /** The number on which it serves the Service's port; empty where it does not. */
    public OptionalInt numberOf(ServicePort port) {
        for (EndpointPort own : ports) {
            if (own.name().equals(port.name()) && own.protocol() == port.protocol() && own.number() > 0) {
                return OptionalInt.of(own.number());
            }
        }
        return OptionalInt.empty();
    }

    /** The same endpoint met in two slices, while it moves between them or because its ports differ. */
    Endpoint united(Endpoint other) {
        Endpoint better = other.rank() > rank() ? other : this;
        Set<EndpointPort> all = new LinkedHashSet<>(ports);
        all.addAll(other.ports);
        return new Endpoint(
                address,
                hostname,
                new ArrayList<>(all),
                better.ready,
                better.serving,
                better.terminating,
                better.node,
                better.zone,
                better.zones,
                better.nodes);
    }

    private int rank() {
        return ready ? 2 : serving ? 1 : 0;
    }

    /** The number of this endpoint's port of that name and protocol, for DNS' SRV records. */
    public Optional<EndpointPort> port(String name, Protocol protocol) {
        return ports.stream()
                .filter(port -> port.name().equals(name) && port.protocol() == protocol)
                .findFirst();
    }
}
