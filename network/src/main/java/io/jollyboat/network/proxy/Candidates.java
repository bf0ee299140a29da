package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.ServicePort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Which endpoints get the connections of one port: the ready ones; where there are none, those that still serve while
 * they terminate (KEP-1669). Hints narrow the ready ones down only if all have them and some are for this node or zone
 * (KEP-2433, KEP-3015).
 */
record Candidates(List<Backend> cluster, List<Backend> local) {
    /** An endpoint that serves the port, and where. */
    private record Server(Endpoint endpoint, Backend backend) {}

    /**
     * Plain loops, for a full load asks this of every Service while the program is young.
     *
     * @param ipv4 whether those of IPv4 are wanted, or those of IPv6
     */
    static Candidates of(List<Endpoint> endpoints, boolean ipv4, ServicePort port, ProxySettings settings) {
        List<Server> serving = new ArrayList<>(endpoints.size());
        List<Server> here = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            OptionalInt number = endpoint.numberOf(port);
            if (number.isEmpty() || endpoint.isIpv6() == ipv4) {
                continue;
            }
            Optional<Ip> address = Ip.read(endpoint.address());
            if (address.isPresent()) {
                Server server = new Server(endpoint, new Backend(address.get(), number.getAsInt()));
                serving.add(server);
                if (endpoint.node().equals(settings.node())) {
                    here.add(server);
                }
            }
        }
        return new Candidates(backends(hinted(usable(serving), settings)), backends(usable(here)));
    }

    private static List<Server> usable(List<Server> servers) {
        List<Server> ready = only(servers, Endpoint::ready);
        return ready.isEmpty() ? only(servers, e -> e.serving() && e.terminating()) : ready;
    }

    private static List<Server> hinted(List<Server> servers, ProxySettings settings) {
        if (only(servers, e -> e.nodes().isEmpty()).isEmpty()) {
            List<Server> near = only(servers, e -> e.nodes().contains(settings.node()));
            if (!near.isEmpty()) {
                return near;
            }
        }
        if (only(servers, e -> e.zones().isEmpty()).isEmpty()) {
            List<Server> near = only(servers, e -> e.zones().contains(settings.zone()));
            if (!near.isEmpty()) {
                return near;
            }
        }
        return servers;
    }

    private static List<Server> only(List<Server> servers, Predicate<Endpoint> which) {
        List<Server> some = new ArrayList<>(servers.size());
        for (Server server : servers) {
            if (which.test(server.endpoint())) {
                some.add(server);
            }
        }
        return some;
    }

    /** In order, each once, and no more than are used. */
    private static List<Backend> backends(List<Server> servers) {
        List<Backend> backends = new ArrayList<>(servers.size());
        for (Server server : servers) {
            backends.add(server.backend());
        }
        Collections.sort(backends);
        List<Backend> distinct = new ArrayList<>(backends.size());
        for (Backend backend : backends) {
            if (distinct.isEmpty() || distinct.getLast().compareTo(backend) != 0) {
                distinct.add(backend);
            }
        }
        return distinct.size() <= Slots.MOST_ENDPOINTS ? distinct : distinct.subList(0, Slots.MOST_ENDPOINTS);
    }
}
