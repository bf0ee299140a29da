package io.jollyboat.network.loadbalancer;

import java.util.List;
import java.util.Map;

/** The routes by which the host's programs reach load balancers' addresses. */
public interface HostRoutes {
    /**
     * Makes these the cluster's routes: those that are missing are added, others of ours removed.
     *
     * @param ways by network or address, the addresses of the nodes that lead there: the kernel takes the first whose link
     *     is there
     * @throws io.jollyboat.linux.LinuxException when the kernel refuses
     */
    void set(Map<String, List<String>> ways);

    /**
     * Those of this machine, over links to nested nodes. They bear a mark of ours, and end with the link at the latest.
     *
     * @param nodes the networks of this cluster's nodes, of each family: routes by way of others are not touched
     */
    static HostRoutes ofThisMachine(List<String> nodes) {
        return new IpRoutes(nodes.stream().map(SourceRange::parse).toList());
    }
}
