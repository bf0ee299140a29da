package io.jollyboat.cluster;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.network.dns.AddressRange;
import io.jollyboat.node.NodeHost;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * From which node an endpoint is dialled: from the one whose Pod it is, so that a connection lives as long as its Pod
 * and no other node can cut it off; what is no node's, from the first that is up.
 */
final class NodeWays {
    private final Map<String, NodeHost> nodes = new ConcurrentSkipListMap<>();

    void add(NodeHost node) {
        nodes.put(node.name(), node);
    }

    void remove(NodeHost node) {
        nodes.remove(node.name(), node);
    }

    /** Empty where no node is up. */
    Optional<NetworkNamespace> to(InetAddress endpoint) {
        return nodes.values().stream()
                .filter(node -> has(node, endpoint))
                .findFirst()
                .or(() -> nodes.values().stream().findFirst())
                .map(NodeHost::namespace);
    }

    private static boolean has(NodeHost node, InetAddress endpoint) {
        return node.podCidrs().stream().anyMatch(pods -> AddressRange.of(pods).contains(endpoint))
                || node.addresses().stream().map(InetAddress::ofLiteral).anyMatch(endpoint::equals);
    }
}
