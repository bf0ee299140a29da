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
 * @param addresses of IPv4, then of IPv6 where the node has them
 * @param uplink whether Pods may reach what lies outside of this machine
 * @param mirror the URL of the registry that is asked first for every image, reached from inside the node
 * @param links to the other nodes of the cluster on this machine
 */
public record NodeSettings(
        String cluster,
        String node,
        Path folder,
        List<NodeAddresses> addresses,
        boolean uplink,
        Optional<String> mirror,
        List<NodeLink> links) {
    /** Linux' limit for the names of network devices (IFNAMSIZ, less the closing zero). */
    private static final int DEVICE_NAME_LIMIT = 15;

    public NodeSettings {
        addresses = List.copyOf(addresses);
        links = List.copyOf(links);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a node needs an address");
        }
    }

    public NodeSettings withLinks(List<NodeLink> links) {
        return new NodeSettings(cluster, node, folder, addresses, uplink, mirror, links);
    }

    /**
     * What is this node's among all clusters of the machine: {@code jolly}, {@code jolly.2}. The dot keeps the second
     * node of the cluster {@code jolly} apart from the first one of the cluster {@code jolly-2}.
     */
    public String id() {
        if (node.equals(cluster)) {
            return cluster;
        }
        return cluster + "." + (node.startsWith(cluster + "-") ? node.substring(cluster.length() + 1) : node);
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
        return namespaceFile(id());
    }

    static Path namespaceFile(String id) {
        return Path.of("/run/netns", id);
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
        return "jollyboat_" + id().replaceAll("[^A-Za-z0-9.]", "_");
    }

    /** Of the family that comes first: the node's InternalIP. */
    public NodeAddresses primary() {
        return addresses.getFirst();
    }

    boolean hasIpv6() {
        return addresses.stream().anyMatch(NodeAddresses::isIpv6);
    }

    /** Where its Pods are, of each family. */
    public List<String> podCidrs() {
        return addresses.stream().map(NodeAddresses::podCidr).toList();
    }

    /** The node's own addresses, of each family. */
    public List<String> nodeAddresses() {
        return addresses.stream().map(NodeAddresses::node).toList();
    }
}
