package io.jollyboat.network.loadbalancer;

import java.util.ArrayList;
import java.util.List;
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
}
