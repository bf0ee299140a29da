package io.jollyboat.cluster;

import io.jollyboat.network.loadbalancer.Mode;

/** How Services of type LoadBalancer are reached, as one word says: that of the option {@code --load-balancer}. */
public record Balancing(Mode mode) {
    static final Balancing DEFAULT = new Balancing(Mode.LOCALHOST);

    /** @throws IllegalArgumentException for a word that means nothing, naming those that do */
    public static Balancing of(String word) {
        return new Balancing(Mode.of(word));
    }

    @Override
    public String toString() {
        return mode.toString();
    }
}
