package io.jollyboat.node.host;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.Mounts;
import io.jollyboat.linux.Program;
import java.util.List;

/**
 * The links between the nested nodes of a cluster. Each two have a pair of devices of their own, and plain routes over
 * it to each other's Pods: no packet between nodes touches the host, whose own rules (Docker's, a firewall's) could
 * drop it, and whose routes know the Pods of one cluster only.
 *
 * <p>Of two nodes the one that comes second makes the link, both ends of it; it goes with the first of them that goes.
 */
final class NodeLinks {
    private static final String THERE_ALREADY = "File exists"; // EEXIST in the kernel's words

    private final NodeSettings settings;

    NodeLinks(NodeSettings settings) {
        this.settings = settings;
    }

    /** Makes or mends the links to all nodes that are there. One node at a time may do so. */
    void make() {
        for (NodeLink link : settings.links()) {
            if (Mounts.isMounted(link.namespaceFile())) {
                make(link);
            }
        }
    }

    private void make(NodeLink link) {
        String id = settings.id();
        String add = "link add %s type veth peer name %s netns %s".formatted(link.here(), link.there(), link.id());
        Program.Result made = Program.result(add + "\n", batch(id));
        if (made.status() != 0 && !made.output().contains(THERE_ALREADY)) {
            throw new LinuxException("cannot link %s with %s: %s".formatted(id, link.id(), made.output()));
        }
        Program.feed(commands(link.here(), settings.addresses(), link.addresses()), batch(id));
        Program.feed(commands(link.there(), link.addresses(), settings.addresses()), batch(link.id()));
    }

    private static List<String> batch(String id) {
        return List.of("ip", "-n", id, "-batch", "-");
    }

    /** Lines for {@code ip -batch} at one end of a link. */
    static String commands(String device, List<NodeAddresses> own, List<NodeAddresses> others) {
        var lines = new StringBuilder("link set %s up\n".formatted(device));
        for (int i = 0; i < own.size(); i++) {
            NodeAddresses other = others.get(i);
            lines.append("addr replace %s peer %s dev %s%s\n"
                    .formatted(own.get(i).node(), other.nodeAlone(), device, NodeNetwork.atOnce(other)));
            lines.append("route replace %s via %s dev %s onlink\n".formatted(other.podCidr(), other.node(), device));
        }
        return lines.toString();
    }
}
