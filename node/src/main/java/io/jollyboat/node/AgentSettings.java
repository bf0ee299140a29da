package io.jollyboat.node;

import java.util.Map;

/**
 * What a cluster wants of its nodes.
 *
 * @param dnsAddress of the cluster's DNS, for the Pods' resolv.conf
 * @param domain of the cluster, such as {@code cluster.local}
 * @param labels of the Node object, beside those that every node has
 * @param maxPods how many Pods the node takes
 * @param version that the Node object shows as the kubelet's
 */
public record AgentSettings(String dnsAddress, String domain, Map<String, String> labels, int maxPods, String version) {
    public static final int MAX_PODS = 110;

    public AgentSettings {
        labels = Map.copyOf(labels);
    }

    /** The defaults of Kubernetes. */
    public static AgentSettings of(String dnsAddress, String domain, String version) {
        return new AgentSettings(dnsAddress, domain, Map.of(), MAX_PODS, version);
    }

    public AgentSettings withLabels(Map<String, String> labels) {
        return new AgentSettings(dnsAddress, domain, labels, maxPods, version);
    }
}
