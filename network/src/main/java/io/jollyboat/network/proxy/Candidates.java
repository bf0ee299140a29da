package io.jollyboat.network.proxy;

import io.jollyboat.network.Endpoint;
import io.jollyboat.network.ServicePort;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which endpoints get the connections of one port: the ready ones; where there are none, those that still serve while
 * they terminate (KEP-1669). Hints narrow the ready ones down only if all have them and some are for this node or zone
 * (KEP-2433, KEP-3015).
 */
record Candidates(List<Backend> cluster, List<Backend> local) {
    static Candidates of(List<Endpoint> endpoints, ServicePort port, ProxySettings settings) {
        List<Endpoint> serving = endpoints.stream()
                .filter(endpoint ->
                        Ipv4.is(endpoint.address()) && endpoint.numberOf(port).isPresent())
                .toList();
        List<Endpoint> here = serving.stream()
                .filter(endpoint -> endpoint.node().equals(settings.node()))
                .toList();
        return new Candidates(backends(hinted(usable(serving), settings), port), backends(usable(here), port));
    }

    private static List<Endpoint> usable(List<Endpoint> endpoints) {
        List<Endpoint> ready = only(endpoints, Endpoint::ready);
        return ready.isEmpty() ? only(endpoints, e -> e.serving() && e.terminating()) : ready;
    }

    private static List<Endpoint> hinted(List<Endpoint> endpoints, ProxySettings settings) {
        if (endpoints.stream().noneMatch(e -> e.nodes().isEmpty())) {
            List<Endpoint> near = only(endpoints, e -> e.nodes().contains(settings.node()));
            if (!near.isEmpty()) {
                return near;
            }
        }
        if (endpoints.stream().noneMatch(e -> e.zones().isEmpty())) {
            List<Endpoint> near = only(endpoints, e -> e.zones().contains(settings.zone()));
            if (!near.isEmpty()) {
                return near;
            }
        }
        return endpoints;
    }

    private static List<Endpoint> only(List<Endpoint> endpoints, Predicate<Endpoint> which) {
        return endpoints.stream().filter(which).toList();
    }

    private static List<Backend> backends(List<Endpoint> endpoints, ServicePort port) {
        TreeSet<Backend> backends = new TreeSet<>();
        for (Endpoint endpoint : endpoints) {
            int number = endpoint.numberOf(port).orElseThrow();
            backends.add(new Backend(Ipv4.parse(endpoint.address()), number));
            if (backends.size() > Slots.MOST_ENDPOINTS) {
                backends.removeLast();
            }
        }
        return List.copyOf(backends);
    }
}
