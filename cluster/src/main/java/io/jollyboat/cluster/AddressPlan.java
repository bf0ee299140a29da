package io.jollyboat.cluster;

import io.jollyboat.api.Ip;
import io.jollyboat.network.loadbalancer.AddressPool;
import io.jollyboat.node.host.NodeAddresses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who has which address in a cluster: its nodes, their Pods and its Services, in each of its families. IPv4 comes first
 * and is always there; IPv6 has unique local addresses (RFC 4193) that look like the others:
 *
 * <pre>
 *             IPv4             IPv6
 * host        10.41.SLOT.1     fd00:10:41:SLOT::1      its end of the link to every node
 * node N      10.41.SLOT.2+N   fd00:10:41:SLOT::2+N
 * balancers   10.41.SLOT.129+  fd00:10:41:SLOT::1:1+   in the mode pool
 * its Pods    10.42.N.0/24     fd00:10:42:N::/120
 * Services    10.43.0.0/16     fd00:10:43::/112
 * </pre>
 */
public final class AddressPlan {
    private static final String NODES6 = "fd00:10:41";
    private static final String PODS6 = "fd00:10:42";
    private static final String SERVICES6 = "fd00:10:43::/112";
    private static final Path KERNEL = Path.of("/proc/sys/net/ipv6");

    private final Settings settings;
    private final boolean ipv6;

    private AddressPlan(Settings settings, boolean ipv6) {
        this.settings = settings;
        this.ipv6 = ipv6;
    }

    /** The plan for this machine: IPv6 only where its settings allow it and the kernel has it. */
    static AddressPlan here(Settings settings) {
        return of(settings, settings.ipv6() && Files.isDirectory(KERNEL));
    }

    static AddressPlan of(Settings settings, boolean ipv6) {
        return new AddressPlan(settings, ipv6);
    }

    boolean isDualStack() {
        return ipv6;
    }

    /** The addresses of the node with that number, from 0. */
    List<NodeAddresses> node(int number) {
        List<NodeAddresses> addresses = new ArrayList<>();
        addresses.add(new NodeAddresses(
                settings.hostAddress(),
                settings.nodeAddress(number),
                podRange(settings.podNetwork(), number),
                settings.podNetwork(),
                settings.nodeBlock()));
        if (ipv6) {
            String block = "%s:%x".formatted(NODES6, settings.slot());
            addresses.add(new NodeAddresses(
                    canonical(block + "::1"),
                    canonical("%s::%x".formatted(block, 2 + number)),
                    canonical("%s:%x::".formatted(PODS6, number)) + "/120",
                    PODS6 + "::/48",
                    canonical(block + "::") + "/64"));
        }
        return addresses;
    }

    /** The host's ends of the links, one of each family. */
    List<String> hostAddresses() {
        return node(0).stream().map(NodeAddresses::host).toList();
    }

    /** The links to all nodes, of each family. */
    List<String> nodeNetworks() {
        return ipv6 ? List.of(settings.nodeNetwork(), NODES6 + "::/48") : List.of(settings.nodeNetwork());
    }

    /** The Pods of all nodes, of each family. */
    List<String> podNetworks() {
        return node(0).stream().map(NodeAddresses::podNetwork).toList();
    }

    /** Where ClusterIPs come from, of each family. */
    List<String> serviceNetworks() {
        return ipv6 ? List.of(settings.serviceNetwork(), SERVICES6) : List.of(settings.serviceNetwork());
    }

    /** The links to the nodes of this cluster alone, of each family. */
    List<String> ownNodeNetworks() {
        return node(0).stream().map(NodeAddresses::nodeNetwork).toList();
    }

    /** What load balancers with addresses of their own take them from, of each family: the user's, or a part of ours. */
    List<AddressPool> balancerPools() {
        List<AddressPool> pools = new ArrayList<>();
        pools.add(pool(true, settings.block() + ".128/25"));
        if (ipv6) {
            pools.add(pool(false, canonical("%s:%x::1:0".formatted(NODES6, settings.slot())) + "/112"));
        }
        return pools;
    }

    private AddressPool pool(boolean ipv4, String ours) {
        return settings.balancing().pools().stream()
                .filter(pool -> pool.isIpv4() == ipv4)
                .findFirst()
                .orElseGet(() -> AddressPool.of(ours));
    }

    /** In the one form that the API shows. */
    private static String canonical(String address) {
        return Ip.parse(address).toString();
    }

    /** The /24 of the Pod network that belongs to the node with that number. */
    private static String podRange(String podNetwork, int number) {
        String[] part = podNetwork.split("\\.");
        return part[0] + "." + part[1] + "." + number + ".0/24";
    }
}
