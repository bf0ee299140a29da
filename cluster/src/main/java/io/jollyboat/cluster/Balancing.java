package io.jollyboat.cluster;

import io.jollyboat.network.loadbalancer.AddressPool;
import io.jollyboat.network.loadbalancer.Mode;
import java.util.Optional;

/**
 * How Services of type LoadBalancer are reached, as one word says: that of the option {@code --load-balancer}.
 *
 * @param pool with the mode {@code pool}, the addresses to give away, if they are not those of the node network
 */
public record Balancing(Mode mode, Optional<AddressPool> pool) {
    static final Balancing DEFAULT = new Balancing(Mode.LOCALHOST, Optional.empty());

    private static final String OWN_POOL = Mode.POOL + "=";

    /**
     * Reads {@code localhost}, {@code node}, {@code pool} or {@code pool=10.9.0.0/24}.
     *
     * @throws IllegalArgumentException for a word that means nothing, naming those that do
     */
    public static Balancing of(String word) {
        return word.startsWith(OWN_POOL)
                ? new Balancing(Mode.POOL, Optional.of(AddressPool.of(word.substring(OWN_POOL.length()))))
                : new Balancing(Mode.of(word), Optional.empty());
    }

    @Override
    public String toString() {
        return pool.map(own -> OWN_POOL + own).orElse(mode.toString());
    }
}
