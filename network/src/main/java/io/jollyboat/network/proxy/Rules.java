package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;
import io.jollyboat.network.Route;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServicePort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which elements make a node serve a Service: a pure function of the Service's row in the table and of the
 * node. What it promises is in the API reference (Service v1: traffic policies, affinity, source ranges) and in the
 * documentation's "Virtual IPs and Service Proxies".
 */
final class Rules {
    private static final Ip LOCALHOST = Ip.parse("127.0.0.1");

    private final ProxySettings settings;

    private final List<Ip> nodeAddresses;
    private final Set<Boolean> nodeFamilies;
    private final Set<Ip> answered;

    Rules(ProxySettings settings) {
        this.settings = settings;
        this.nodeAddresses = settings.nodeAddresses().stream().map(Ip::parse).toList();
        this.nodeFamilies = nodeAddresses.stream().map(Ip::isIpv4).collect(Collectors.toSet());
        this.answered = settings.answered().stream().map(Ip::parse).collect(Collectors.toSet());
    }

    /** A virtual address of a Service, whence it has it, and the port that it leads to. */
    record Place(Vip vip, Block.Rank rank, ServicePort port) {}

    /** The addresses of a row: those of its Service, or of its Pod's ports. */
    List<Place> places(Row row) {
        return switch (row) {
            case Row.OfService service -> places(service.route().service());
            case HostPod pod -> hostPorts(pod).stream().map(HostPlace::place).toList();
        };
    }

    /** What makes each place of a row work. */
    List<Block> of(Row row) {
        return switch (row) {
            case Row.OfService service -> of(service.route());
            case HostPod pod -> hostPorts(pod).stream().map(HostPlace::block).toList();
        };
    }

    /**
     * The addresses of a Service, one for each address and port that clients use; none for headless ones. Of the
     * node's and other outside addresses, those of families that the Service has.
     */
    private List<Place> places(Service service) {
        List<Place> places = new ArrayList<>();
        if (service.headless() || service.type() == Service.Type.EXTERNAL_NAME) {
            return places;
        }
        List<Ip> own = usable(service.clusterIps());
        Set<Boolean> families = new HashSet<>();
        List<Ip> proxied = new ArrayList<>();
        for (Ip address : own) {
            families.add(address.isIpv4());
            if (!answered.contains(address)) {
                proxied.add(address);
            }
        }
        List<Ip> balanced = usable(service.loadBalancerIps());
        List<Ip> external = usable(service.externalIps());
        for (ServicePort port : service.ports()) {
            add(places, proxied, families, Block.Rank.CLUSTER_IP, port, port.port());
            if (port.nodePort() > 0) {
                add(places, nodeAddresses, families, Block.Rank.NODE_PORT, port, port.nodePort());
            }
            add(places, balanced, families, Block.Rank.LOAD_BALANCER, port, port.port());
            add(places, external, families, Block.Rank.EXTERNAL_IP, port, port.port());
        }
        return places;
    }

    /** The addresses of families that the node has. Plain loops, as in {@link Candidates}. */
    private List<Ip> usable(List<String> addresses) {
        List<Ip> usable = new ArrayList<>();
        for (String address : addresses) {
            Optional<Ip> ip = Ip.read(address);
            if (ip.isPresent() && nodeFamilies.contains(ip.get().isIpv4())) {
                usable.add(ip.get());
            }
        }
        return usable;
    }

    private static void add(
            List<Place> places,
            List<Ip> addresses,
            Set<Boolean> families,
            Block.Rank rank,
            ServicePort port,
            int number) {
        for (Ip address : addresses) {
            if (families.contains(address.isIpv4())) {
                places.add(new Place(new Vip(address, port.protocol(), number), rank, port));
            }
        }
    }

    /** A host port at one of the node's addresses, with the Pod's address of its family. */
    private record HostPlace(Vip vip, Backend backend) {
        Place place() {
            ServicePort port = new ServicePort("", vip.protocol(), vip.port(), 0);
            return new Place(vip, Block.Rank.HOST_PORT, port);
        }

        /** The Pod sees the client's address; only what the node itself sends from 127.0.0.1 gets another. */
        Block block() {
            List<Element> elements = List.of(
                    Element.service(MapName.SERVICES, vip, Mark.of(vip.port(), 0, 0, Slots.of(1))),
                    Element.endpoint(MapName.ENDPOINTS, vip, 0, backend));
            return new Block(vip, Block.Rank.HOST_PORT, 0, elements);
        }
    }

    private List<HostPlace> hostPorts(HostPod pod) {
        List<HostPlace> places = new ArrayList<>();
        for (HostPod.HostPort port : pod.ports()) {
            for (Ip address : hostAddresses(port.hostIp())) {
                pod.addresses().stream()
                        .filter(own -> own.isIpv4() == address.isIpv4())
                        .findFirst()
                        .ifPresent(own -> places.add(new HostPlace(
                                new Vip(address, port.protocol(), port.number()), new Backend(own, port.target()))));
            }
        }
        return places;
    }

    private List<Ip> hostAddresses(String hostIp) {
        List<Ip> all = new ArrayList<>(nodeAddresses);
        all.add(LOCALHOST);
        return switch (hostIp) {
            case "" -> all;
            case "0.0.0.0" -> all.stream().filter(Ip::isIpv4).toList();
            case "::" -> all.stream().filter(ip -> !ip.isIpv4()).toList();
            default -> usable(List.of(hostIp));
        };
    }

    /** What makes each place of the Service work. */
    private List<Block> of(Route route) {
        Service service = route.service();
        Map<Purpose, Candidates> candidates = new HashMap<>();
        List<Block> blocks = new ArrayList<>();
        for (Place place : places(service)) {
            Candidates found = candidates.computeIfAbsent(
                    new Purpose(place.port(), place.vip().address().isIpv4()),
                    purpose -> Candidates.of(route.endpoints(), purpose.ipv4(), purpose.port(), settings));
            blocks.add(
                    place.rank() == Block.Rank.CLUSTER_IP
                            ? inside(service, place.vip(), found)
                            : outside(service, place.vip(), found, place.rank()));
        }
        return blocks;
    }

    /** What endpoints are chosen for. */
    private record Purpose(ServicePort port, boolean ipv4) {}

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
            sources(service, vip.address().isIpv4())
                    .forEach(one -> elements.add(Element.allowed(vip, new Element.Span(one.first(), one.last()))));
        }
        return new Block(vip, rank, affinityClass(service), elements);
    }

    /** The source ranges of a family, without those that lie in another: the kernel wants none to overlap. */
    private static List<Subnet> sources(Service service, boolean ipv4) {
        List<Subnet> networks = service.sourceRanges().stream()
                .map(String::strip)
                .filter(range -> Ip.read(range.replaceFirst("/\\d+$", "")).isPresent())
                .map(Subnet::parse)
                .filter(network -> network.isIpv4() == ipv4)
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
