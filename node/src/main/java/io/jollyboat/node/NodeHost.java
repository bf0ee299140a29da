package io.jollyboat.node;

import io.jollyboat.linux.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a node's Pods live: a nested node or the machine itself, which differ in nothing else.
 *
 * @param name of the Node object
 * @param addresses of the node, as its InternalIPs: one of each family, the primary one first
 * @param podCidrs the addresses of its Pods, of the same families
 * @param socket of its containerd
 * @param folder for volumes, logs and whatever else Pods leave on disk
 * @param cgroup the parent of all of its Pods' control groups, such as {@code /jollyboat/jolly}
 * @param namespace in which containerd works and from which Pods can be reached
 */
public record NodeHost(
        String name,
        List<String> addresses,
        List<String> podCidrs,
        Path socket,
        Path folder,
        String cgroup,
        NetworkNamespace namespace) {
    public NodeHost {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
    }

    /** The node's address of its primary family. */
    public String address() {
        return addresses.getFirst();
    }

    /** Its Pods' addresses of the primary family. */
    public String podCidr() {
        return podCidrs.getFirst();
    }
}
