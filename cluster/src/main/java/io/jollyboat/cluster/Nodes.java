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
                AddressPlan.here(settings).node(0),
                settings.uplink(),
                Optional.of("http://" + settings.hostAddress() + ":" + settings.registryPort()));
    }
}
