package io.jollyboat.node.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * All that a nested node is made of. Names of devices, namespaces and tables derive from the cluster's and the node's
 * name, so that any number of clusters live side by side.
 *
 * @param folder holds all files of the node that outlive the machine's restart
 * @param hostAddress the host's end of the link, the same for all nodes of a cluster
 * @param nodeAddress the node's end of it
 * @param podCidr the node's part of {@code podNetwork}, such as 10.42.0.0/24
 * @param podNetwork the Pods of all nodes of the cluster
 * @param nodeNetwork the links of all nodes of the cluster
 * @param uplink whether Pods may reach what lies outside of this machine
 * @param mirror the URL of the registry that is asked first for every image, reached from inside the node
 */
public record NodeSettings(
        String cluster,
        String node,
        Path folder,
        String hostAddress,
        String nodeAddress,
        String podCidr,
        String podNetwork,
        String nodeNetwork,
        boolean uplink,
        Optional<String> mirror) {
    /** Linux' limit for the names of network devices (IFNAMSIZ, less the closing zero). */
    private static final int DEVICE_NAME_LIMIT = 15;

    /** What is this node's among all clusters of the machine: {@code jolly-1}. */
    public String id() {
        return node.equals(cluster) || node.startsWith(cluster + "-") ? node : cluster + "-" + node;
    }

    /** The host's end of the link to the node. */
    public String hostDevice() {
        String plain = "jv-" + id();
        if (plain.length() <= DEVICE_NAME_LIMIT) {
            return plain;
        }
        CRC32 checksum = new CRC32();
        checksum.update(id().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return "jv-%08x".formatted(checksum.getValue());
    }

    public Path namespaceFile() {
        return Path.of("/run/netns", id());
    }

    /** Files that end with the machine's restart: sockets, the state of running containers. */
    public Path runFolder() {
        return Path.of("/run/jollyboat", id());
    }

    public Path socket() {
        return runFolder().resolve("containerd.sock");
    }

    /** The parent of the Pods' control groups. */
    public String cgroup() {
        return "/jollyboat/" + id();
    }

    /** The name of the node's table among the host's rules and among its own. */
    String table() {
        return "jollyboat_" + id().replaceAll("[^A-Za-z0-9]", "_");
    }

    /** What stays reachable without an uplink. */
    List<String> clusterNetworks() {
        return List.of(podNetwork, nodeNetwork);
    }
}
