package io.jollyboat.cluster;

import io.jollyboat.node.host.NodeSettings;
import java.util.Optional;

/** What the nodes of a cluster are called and where they are. */
final class Nodes {
    private Nodes() {}

    /** The settings of the one nested node. */
    static NodeSettings settings(Settings settings, Folders folders) {
        String node = settings.name();
        return new NodeSettings(
                settings.name(),
                node,
                folders.node(node),
                settings.hostAddress(),
                settings.nodeAddress(0),
                podRange(settings.podNetwork(), 0),
                settings.podNetwork(),
                settings.nodeBlock(),
                settings.uplink(),
                Optional.of("http://" + settings.hostAddress() + ":" + settings.registryPort()));
    }

    /** The /24 of the Pod network that belongs to the node with that number. */
    private static String podRange(String podNetwork, int number) {
        String[] part = podNetwork.split("\\.");
        return part[0] + "." + part[1] + "." + number + ".0/24";
    }
}
