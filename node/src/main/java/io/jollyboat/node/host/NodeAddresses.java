package io.jollyboat.node.host;

/**
 * A node's place in its cluster, in one family of addresses: IPv4 or IPv6.
 *
 * @param host the host's end of the link, the same for all nodes of a cluster
 * @param node the node's end of it
 * @param podCidr the node's part of {@code podNetwork}, such as 10.42.0.0/24
 * @param podNetwork the Pods of all nodes of the cluster
 * @param nodeNetwork the links of all nodes of the cluster
 */
public record NodeAddresses(String host, String node, String podCidr, String podNetwork, String nodeNetwork) {
    public boolean isIpv6() {
        return node.indexOf(':') >= 0;
    }

    /** How nft names the family, and {@code ip} with a dash before it: {@code ip} or {@code ip6}. */
    String family() {
        return isIpv6() ? "ip6" : "ip";
    }

    /** The node's address as a network of one. */
    String nodeAlone() {
        return node + bits();
    }

    String hostAlone() {
        return host + bits();
    }

    private String bits() {
        return isIpv6() ? "/128" : "/32";
    }
}
