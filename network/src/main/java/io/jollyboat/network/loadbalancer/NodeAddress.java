package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a node is reached.
 *
 * @param addresses its internal addresses, of either family; none where the node is not to be used for this
 */
record NodeAddress(String name, List<String> addresses, boolean ready) {
    /** The well-known label of nodes that take no traffic from outside load balancers. */
    private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

    NodeAddress {
        addresses = List.copyOf(addresses);
    }

    static NodeAddress of(ObjectNode node) {
        JsonNode metadata = node.path("metadata");
        List<String> addresses = new ArrayList<>();
        if (!metadata.path("labels").has(EXCLUDED)) {
            for (JsonNode address : node.path("status").path("addresses")) {
                if (address.path("type").stringValue("").equals("InternalIP")) {
                    addresses.add(address.path("address").stringValue(""));
                }
            }
        }
        boolean ready = false;
        for (JsonNode condition : node.path("status").path("conditions")) {
            ready |= condition.path("type").stringValue("").equals("Ready")
                    && condition.path("status").stringValue("").equals("True");
        }
        return new NodeAddress(metadata.path("name").stringValue(""), addresses, ready);
    }

    /** The addresses of all ready nodes by the nodes' names; of all nodes while none is ready. */
    static List<String> of(Optional<Snapshot<NodeAddress>> snapshot) {
        List<NodeAddress> nodes = new ArrayList<>();
        snapshot.ifPresent(found -> nodes.addAll(found.all()));
        nodes.sort((a, b) -> a.name.compareTo(b.name));
        boolean anyReady = nodes.stream().anyMatch(NodeAddress::ready);
        return nodes.stream()
                .filter(node -> node.ready || !anyReady)
                .flatMap(node -> node.addresses.stream())
                .distinct()
                .toList();
    }
}
