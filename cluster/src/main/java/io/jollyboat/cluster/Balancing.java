package io.jollyboat.cluster;

import io.jollyboat.network.loadbalancer.AddressPool;
import io.jollyboat.network.loadbalancer.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How Services of type LoadBalancer are reached, as one word says: that of the option {@code --load-balancer}.
 *
 * @param pools with the mode {@code pool}, the addresses to give away, at most one block of each family: of those that are
 *     not said, a part of the node network
 */
public record Balancing(Mode mode, List<AddressPool> pools) {
    static final Balancing DEFAULT = new Balancing(Mode.LOCALHOST, List.of());

    private static final String OWN_POOL = Mode.POOL + "=";

    /** @throws IllegalArgumentException for two pools of one family */
    public Balancing {
        pools = List.copyOf(pools);
        if (pools.stream().map(AddressPool::isIpv4).distinct().count() < pools.size()) {
            throw new IllegalArgumentException("there may be one block of IPv4 addresses and one of IPv6");
        }
    }

    /**
     * Reads {@code localhost}, {@code node}, {@code pool}, {@code pool=10.9.0.0/24} or {@code
     * pool=10.9.0.0/24,fd00:9::/112}.
     *
     * @throws IllegalArgumentException for a word that means nothing, naming those that do
     */
    public static Balancing of(String word) {
        return word.startsWith(OWN_POOL)
                ? new Balancing(
                        Mode.POOL,
                        Arrays.stream(word.substring(OWN_POOL.length()).split(",", -1))
                                .map(AddressPool::of)
                                .toList())
                : new Balancing(Mode.of(word), List.of());
    }

    @Override
    public String toString() {
        return pools.isEmpty()
                ? mode.toString()
                : OWN_POOL + pools.stream().map(AddressPool::toString).collect(Collectors.joining(","));
    }
}
