package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;
import io.jollyboat.linux.Nftables.Family;
import java.util.List;

/**
 * The node whose rules these are. Each list of networks has one of each family that the node has addresses of.
 *
 * @param node its name, as endpoints tell it
 * @param zone its topology.kubernetes.io/zone at the beginning, "" when it has none
 * @param nodeAddresses where node ports answer; the first of each family is the source of the node's own connections
 * @param podCidrs the Pods of this node, of each family at most {@value #MOST_PODS} addresses
 * @param podNetworks the Pods of all nodes
 * @param serviceCidrs the ranges of cluster IPs: nothing in them leaves the node untranslated
 * @param balancerRanges where load balancers have addresses that nobody else answers for; they are treated likewise
 * @param answered cluster IPs that the node answers itself, such as its DNS server's: the proxy leaves them alone
 */
public record ProxySettings(
        String node,
        String zone,
        List<String> nodeAddresses,
        List<String> podCidrs,
        List<String> podNetworks,
        List<String> serviceCidrs,
        List<String> balancerRanges,
        List<String> answered) {
    /** Each may be an endpoint that reaches itself through its Service, and has an element that says so. */
    static final int MOST_PODS = 4096;

    private static final int POD_BITS = Integer.numberOfTrailingZeros(MOST_PODS);

    /** A node of a cluster without such ranges. */
    public ProxySettings(
            String node,
            String zone,
            List<String> nodeAddresses,
            List<String> podCidrs,
            List<String> podNetworks,
            List<String> serviceCidrs,
            List<String> answered) {
        this(node, zone, nodeAddresses, podCidrs, podNetworks, serviceCidrs, List.of(), answered);
    }

    ProxySettings withZone(String other) {
        return new ProxySettings(
                node, other, nodeAddresses, podCidrs, podNetworks, serviceCidrs, balancerRanges, answered);
    }

    public ProxySettings withBalancerRanges(List<String> ranges) {
        return new ProxySettings(node, zone, nodeAddresses, podCidrs, podNetworks, serviceCidrs, ranges, answered);
    }

    public ProxySettings {
        nodeAddresses = List.copyOf(nodeAddresses);
        podCidrs = List.copyOf(podCidrs);
        podNetworks = List.copyOf(podNetworks);
        serviceCidrs = List.copyOf(serviceCidrs);
        balancerRanges = List.copyOf(balancerRanges);
        answered = List.copyOf(answered);
        if (nodeAddresses.isEmpty()) {
            throw new IllegalArgumentException("the proxy needs an address of its node");
        }
        for (String podCidr : podCidrs) {
            if (Subnet.parse(podCidr).hostBits() > POD_BITS) {
                throw new IllegalArgumentException("the Pod range of a node may have at most %d addresses, unlike %s"
                        .formatted(MOST_PODS, podCidr));
            }
        }
        List<List<String>> lists = List.of(podCidrs, podNetworks, serviceCidrs);
        for (String address : nodeAddresses) {
            boolean ipv4 = Ip.parse(address).isIpv4();
            if (!lists.stream().allMatch(list -> list.stream().anyMatch(one -> isIpv4(one) == ipv4))) {
                throw new IllegalArgumentException(
                        "the node has the address %s, but there are no Pods or Services of its family"
                                .formatted(address));
            }
        }
    }

    /** The families that the node has addresses of. */
    List<Family> families() {
        return nodeAddresses.stream()
                .map(address -> isIpv4(address) ? Family.IP : Family.IP6)
                .distinct()
                .toList();
    }

    /** The first of a list that belongs to a family. */
    static String of(Family family, List<String> list) {
        return list.stream()
                .filter(one -> isIpv4(one) == (family == Family.IP))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isIpv4(String address) {
        return address.indexOf(':') < 0;
    }
}
