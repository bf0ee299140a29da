package io.jollyboat.cluster;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.node.NodeHost;
import io.jollyboat.node.cri.FakeContainerd;
import io.jollyboat.node.host.NestedNode;
import io.jollyboat.node.host.NodeSettings;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a node's agent stands on, made and ready.
 *
 * @param host where the Pods run
 * @param release lets go of it; what runs on it runs on
 */
record Ground(NodeHost host, Runnable release) {
    /** Makes the ground, or takes over what is there of it; may be asked again after it failed. */
    interface Maker {
        /** @throws RuntimeException of the node's or of Linux's, saying what is missing */
        Ground make();

        /** Ends all that runs on the ground, and takes the ground away. What is on disk stays. */
        void end();
    }

    /** A node inside this machine, with a network and a containerd of its own. */
    static Maker nested(NodeSettings settings, World world) {
        return new Maker() {
            @Override
            public Ground make() {
                NestedNode node = NestedNode.start(settings, world);
                return new Ground(node.host(), node::close);
            }

            @Override
            public void end() {
                NestedNode.stop(settings, world);
            }
        };
    }

    /** A node that only pretends: its Pods seem to run. It needs no root rights and leaves only its folder. */
    static Maker pretended(NodeSettings settings) {
        return new Maker() {
            @Override
            public Ground make() {
                return pretend(settings);
            }

            @Override
            public void end() {
                // Nothing runs.
            }
        };
    }

    private static Ground pretend(NodeSettings settings) {
        Path folder = settings.folder();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ClusterException("the folder " + folder + " cannot be made: " + e.getMessage(), e);
        }
        Path socket = folder.resolve("containerd.sock");
        FakeContainerd containerd = FakeContainerd.on(socket);
        NodeHost host = new NodeHost(
                settings.node(),
                settings.nodeAddresses(),
                settings.podCidrs(),
                socket,
                folder,
                settings.cgroup(),
                NetworkNamespace.own());
        return new Ground(host, containerd::close);
    }
}
