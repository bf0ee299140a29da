package io.jollyboat.network.proxy;

import java.util.List;
import java.util.Optional;

/**
 * The node whose rules these are.
 *
 * @param node its name, as endpoints tell it
 * @param zone its topology.kubernetes.io/zone, "" when it has none
 * @param nodeAddresses where node ports answer; the first is the source of the node's own connections
 * @param podCidr the Pods of this node, at most {@value #MOST_PODS} addresses
 * @param podNetwork the Pods of all nodes
 * @param serviceCidr the range of cluster IPs: nothing in it leaves the node untranslated
 * @param balancerRange where load balancers have addresses that nobody else answers for; it is treated likewise
 * @param answered cluster IPs that the node answers itself, such as its DNS server's: the proxy leaves them alone
 */
public record ProxySettings(
        String node,
        String zone,
        List<String> nodeAddresses,
        String podCidr,
        String podNetwork,
        String serviceCidr,
        Optional<String> balancerRange,
        List<String> answered) {
    /** Each may be an endpoint that reaches itself through its Service, and has an element that says so. */
    static final int MOST_PODS = 4096;

    /** A node of a cluster without such a range. */
    public ProxySettings(
            String node,
            String zone,
            List<String> nodeAddresses,
            String podCidr,
            String podNetwork,
            String serviceCidr,
            List<String> answered) {
        this(node, zone, nodeAddresses, podCidr, podNetwork, serviceCidr, Optional.empty(), answered);
    }

    public ProxySettings withBalancerRange(Optional<String> range) {
        return new ProxySettings(node, zone, nodeAddresses, podCidr, podNetwork, serviceCidr, range, answered);
    }

    public ProxySettings {
        nodeAddresses = List.copyOf(nodeAddresses);
        answered = List.copyOf(answered);
        if (nodeAddresses.isEmpty()) {
            throw new IllegalArgumentException("the proxy needs an address of its node");
        }
        if (Ipv4.network(podCidr).size() > MOST_PODS) {
            throw new IllegalArgumentException(
                    "the Pod range of a node may have at most %d addresses, unlike %s".formatted(MOST_PODS, podCidr));
        }
    }
}
