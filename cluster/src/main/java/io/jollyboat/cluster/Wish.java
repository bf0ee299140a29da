package io.jollyboat.cluster;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asks of a cluster. What is empty stays as it is; a new cluster has the default.
 *
 * @param apiPort empty for any that is free (the default one if it can be had)
 * @param dnsUpstreams an empty list for the default
 * @param nodes how many
 */
public record Wish(
        OptionalInt apiPort,
        Optional<Boolean> uplink,
        Optional<Boolean> ipv6,
        Optional<Balancing> balancing,
        Optional<List<String>> dnsUpstreams,
        OptionalInt nodes) {
    /** Nothing in particular. */
    public static final Wish NONE = new Wish(
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty());

    /** The settings with what can be changed at any time. */
    Settings appliedTo(Settings settings) {
        return settings.withBalancing(balancing.orElse(settings.balancing()))
                .withDnsUpstreams(dnsUpstreams.orElse(settings.dnsUpstreams()))
                .withNodes(nodes.orElse(settings.nodes()));
    }
}
