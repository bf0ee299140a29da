package io.jollyboat.node.host;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.node.NodeException;
import io.jollyboat.node.NodeHost;
import io.jollyboat.node.cri.Connection;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.ImageImport;
import io.jollyboat.node.cri.PauseImage;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A node inside this machine: its own network namespace, link to the host, rules, and containerd. */
public final class NestedNode implements AutoCloseable {
    private final NodeSettings settings;
    private final Containerd containerd;
    private final NetworkNamespace namespace;

    private NestedNode(NodeSettings settings, Containerd containerd, NetworkNamespace namespace) {
        this.settings = settings;
        this.containerd = containerd;
        this.namespace = namespace;
    }

    /**
     * Makes the node, or takes over what is there of it from before: running containers run on.
     *
     * @throws NodeException when containerd does not come up
     * @throws io.jollyboat.linux.LinuxException when the kernel refuses, for lack of root rights for instance
     */
    public static NestedNode start(NodeSettings settings, World world) {
        try {
            Files.createDirectories(settings.folder());
            Files.createDirectories(settings.runFolder());
        } catch (IOException e) {
            throw new NodeException("cannot make the node's folders: " + e.getMessage(), e);
        }
        NetworkNamespace namespace = new NodeNetwork(settings).create();
        var containerd = new Containerd(settings, world);
        try {
            containerd.start();
            if (new Cri(containerd.connection()).image(PauseImage.NAME).isEmpty()) {
                new ImageImport(containerd.connection()).load(PauseImage.NAME, PauseImage.image());
            }
        } catch (RuntimeException e) {
            containerd.close();
            throw e;
        }
        return new NestedNode(settings, containerd, namespace);
    }

    /** Whether anything of the node is on this machine, running or not. */
    public static boolean remains(NodeSettings settings) {
        return Stream.of(
                        settings.runFolder(),
                        settings.namespaceFile(),
                        settings.folder(),
                        Path.of("/sys/class/net", settings.hostDevice()))
                .anyMatch(Files::exists);
    }

    /** What an agent needs to know of this node. */
    public NodeHost host() {
        return new NodeHost(
                settings.node(),
                settings.nodeAddresses(),
                settings.podCidrs(),
                settings.socket(),
                settings.folder(),
                settings.cgroup(),
                namespace);
    }

    /** The connection to its containerd, for bringing in images. */
    public Connection connection() {
        return containerd.connection();
    }

    /** Lets go of the node; containerd and all containers run on. */
    @Override
    public void close() {
        containerd.close();
    }

    /** Ends containerd and every container and takes the network away; images and logs stay. Works over any wreck. */
    public static void stop(NodeSettings settings, World world) {
        new Containerd(settings, world).stop();
        new NodeNetwork(settings).delete();
    }

    /** As {@link #stop}, and deletes all files: nothing is left. */
    public static void delete(NodeSettings settings, World world) {
        stop(settings, world);
        Folders.delete(settings.folder());
    }
}
