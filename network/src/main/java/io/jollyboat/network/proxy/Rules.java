package io.jollyboat.network.proxy;

import io.jollyboat.network.Route;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServicePort;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which elements make a node serve a Service: a pure function of the Service's row in the table and of the
 * node. What it promises is in the API reference (Service v1: traffic policies, affinity, source ranges) and in the
 * documentation's "Virtual IPs and Service Proxies".
 */
final class Rules {
    private final ProxySettings settings;

    Rules(ProxySettings settings) {
        this.settings = settings;
    }

    /** A virtual address of a Service, whence it has it, and the port that it leads to. */
    record Place(Vip vip, Block.Rank rank, ServicePort port) {}

    /** The addresses of a Service, one for each IPv4 address and port that clients use; none for headless ones. */
    List<Place> places(Service service) {
        List<Place> places = new ArrayList<>();
        if (service.headless() || service.type() == Service.Type.EXTERNAL_NAME) {
            return places;
        }
        for (ServicePort port : service.ports()) {
            add(places, service.clusterIps(), Block.Rank.CLUSTER_IP, port, port.port());
            if (port.nodePort() > 0) {
                add(places, settings.nodeAddresses(), Block.Rank.NODE_PORT, port, port.nodePort());
            }
            add(places, service.loadBalancerIps(), Block.Rank.LOAD_BALANCER, port, port.port());
            add(places, service.externalIps(), Block.Rank.EXTERNAL_IP, port, port.port());
        }
        return places;
    }

    private void add(List<Place> places, List<String> addresses, Block.Rank rank, ServicePort port, int number) {
        for (String address : addresses) {
            boolean answered =
                    rank == Block.Rank.CLUSTER_IP && settings.answered().contains(address);
            if (!answered && Ipv4.is(address)) {
                places.add(new Place(Vip.of(address, port.protocol(), number), rank, port));
            }
        }
    }

    /** What makes each place of the Service work. */
    List<Block> of(Route route) {
        Service service = route.service();
        Map<ServicePort, Candidates> candidates = new IdentityHashMap<>();
        List<Block> blocks = new ArrayList<>();
        for (Place place : places(service)) {
            Candidates found =
                    candidates.computeIfAbsent(place.port(), port -> Candidates.of(route.endpoints(), port, settings));
            blocks.add(
                    place.rank() == Block.Rank.CLUSTER_IP
                            ? inside(service, place.vip(), found)
                            : outside(service, place.vip(), found, place.rank()));
        }
        return blocks;
    }

    /** A cluster IP. Pods keep their address; others, the node itself above all, get one that answers find. */
    private static Block inside(Service service, Vip vip, Candidates candidates) {
        List<Backend> backends = service.internalLocal() ? candidates.local() : candidates.cluster();
        List<Element> elements = new ArrayList<>();
        if (!backends.isEmpty()) {
            layOut(service, vip, MapName.SERVICES, Mark.MASQUERADE_OUTSIDE, backends, elements);
        } else if (candidates.cluster().isEmpty()) {
            elements.add(Element.member(MapName.REFUSED, vip));
        } else {
            elements.add(Element.member(MapName.CLOSED, vip));
        }
        return new Block(vip, Block.Rank.CLUSTER_IP, affinityClass(service), elements);
    }

    /**
     * An address that the outside uses. With the policy Local, clients outside reach this node's endpoints only, and
     * their address is kept; the cluster's own clients reach all in any case.
     */
    private static Block outside(Service service, Vip vip, Candidates candidates, Block.Rank rank) {
        List<Element> elements = new ArrayList<>();
        if (candidates.cluster().isEmpty()) {
            elements.add(Element.member(MapName.REFUSED, vip));
        } else {
            int flags = service.externalLocal() ? Mark.MASQUERADE_OUTSIDE : Mark.MASQUERADE;
            layOut(service, vip, MapName.SERVICES, flags, candidates.cluster(), elements);
            if (service.externalLocal() && candidates.local().isEmpty()) {
                elements.add(Element.member(MapName.CLOSED_OUTSIDE, vip));
            } else if (service.externalLocal()) {
                layOut(service, vip, MapName.OUTSIDE, Mark.LOCAL, candidates.local(), elements);
            }
        }
        if (rank == Block.Rank.LOAD_BALANCER && !service.sourceRanges().isEmpty()) {
            elements.add(Element.member(MapName.GUARDED, vip));
            sources(service).forEach(network -> elements.add(Element.allowed(vip, network)));
        }
        return new Block(vip, rank, affinityClass(service), elements);
    }

    /** The source ranges of this family, without those that lie in another: the kernel wants none to overlap. */
    private static List<Ipv4.Network> sources(Service service) {
        List<Ipv4.Network> networks = service.sourceRanges().stream()
                .map(String::strip)
                .filter(range -> Ipv4.is(range.replaceFirst("/\\d+$", "")))
                .map(Ipv4::network)
                .distinct()
                .toList();
        return networks.stream()
                .filter(one -> networks.stream().noneMatch(other -> !other.equals(one) && other.contains(one)))
                .toList();
    }

    private static void layOut(
            Service service, Vip vip, MapName map, int flags, List<Backend> backends, List<Element> into) {
        Slots slots = Slots.of(backends.size());
        into.add(Element.service(map, vip, Mark.of(vip.port(), affinityClass(service), flags, slots)));
        MapName endpoints = map == MapName.OUTSIDE ? MapName.LOCAL_ENDPOINTS : MapName.ENDPOINTS;
        for (int i = 0; i < slots.count(); i++) {
            into.add(Element.endpoint(endpoints, vip, i, backends.get(i % backends.size())));
        }
    }

    private static int affinityClass(Service service) {
        return service.affinity().map(Affinity::classOf).orElse(0);
    }
}
