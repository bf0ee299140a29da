package io.jollyboat.network.proxy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All elements of one virtual address of one Service.
 *
 * @param rank where two Services want the same address, the lower rank has it (then the lower key)
 * @param affinityClass 0 for none
 */
record Block(Vip vip, Rank rank, int affinityClass, List<Element> elements) {
    /** Whence a Service has an address: what the cluster gave comes before what somebody wrote. */
    enum Rank {
        CLUSTER_IP,
        NODE_PORT,
        HOST_PORT,
        LOAD_BALANCER,
        EXTERNAL_IP
    }

    Block {
        elements = List.copyOf(elements);
    }

    Set<Backend> backends() {
        Set<Backend> backends = new HashSet<>();
        for (Element element : elements) {
            if (element.isEndpoint()) {
                backends.add(element.backend());
            }
        }
        return backends;
    }
}
