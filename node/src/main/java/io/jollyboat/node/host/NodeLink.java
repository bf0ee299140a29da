package io.jollyboat.node.host;

import java.nio.file.Path;
import java.util.List;

/**
 * A direct link from one nested node to another: a pair of devices between their namespaces.
 *
 * @param id of the other node, as {@link NodeSettings#id()}
 * @param here the device's name on this node
 * @param there the name of its other end, on the other node
 * @param addresses of the other node
 */
public record NodeLink(String id, String here, String there, List<NodeAddresses> addresses) {
    public NodeLink {
        addresses = List.copyOf(addresses);
    }

    Path namespaceFile() {
        return NodeSettings.namespaceFile(id);
    }
}
