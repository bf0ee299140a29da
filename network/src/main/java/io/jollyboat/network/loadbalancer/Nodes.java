package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Key;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Route;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The nodes through which Services are reached from outside. */
final class Nodes {
    static final Nodes NONE = new Nodes(List::of, new LiveTable());

    private final Supplier<Collection<NodeAddress>> all;
    private final LiveTable table;

    Nodes(Supplier<Collection<NodeAddress>> all, LiveTable table) {
        this.all = all;
        this.table = table;
    }

    /** Those that take traffic at all, by name: the ready ones, or all while none is ready. */
    List<NodeAddress> usable() {
        return preferred(
                all.get().stream()
                        .filter(node -> !node.addresses().isEmpty())
                        .sorted(Comparator.comparing(NodeAddress::name))
                        .toList(),
                NodeAddress::ready);
    }

    /**
     * Those that take traffic for a Service: with the external policy Local the ones with an endpoint, since the others
     * would drop it; while there is no endpoint, all.
     */
    List<NodeAddress> of(Key service) {
        Optional<Route> local =
                table.current().get(service).filter(route -> route.service().externalLocal());
        return local.map(route -> preferred(usable(), node -> serves(route, node)))
                .orElseGet(this::usable);
    }

    private static boolean serves(Route route, NodeAddress node) {
        boolean anyReady = !route.ready().isEmpty();
        return route.endpoints().stream()
                .filter(endpoint -> anyReady ? endpoint.ready() : endpoint.serving() && endpoint.terminating())
                .map(Endpoint::node)
                .anyMatch(node.name()::equals);
    }

    private static List<NodeAddress> preferred(List<NodeAddress> nodes, Predicate<NodeAddress> which) {
        List<NodeAddress> those = nodes.stream().filter(which).toList();
        return those.isEmpty() ? nodes : those;
    }
}
