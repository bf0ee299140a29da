package io.jollyboat.cli;

import io.jollyboat.cluster.Balancing;
import io.jollyboat.cluster.Settings;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options about the ways into a cluster and out of it, which every {@code up} may change. */
final class Reached {
    private static final String OF_THE_HOST = "host";

    Optional<Balancing> balancing = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--load-balancer",
            paramLabel = "MODE",
            description = "where Services of type LoadBalancer answer: localhost (the default), node (every node's"
                    + " address) or pool (an address for each, of blocks that pool=10.9.0.0/24,fd00:9::/112 chooses); kept until"
                    + " it is changed")
    void loadBalancer(String word) {
        try {
            balancing = Optional.of(Balancing.of(word));
        } catch (IllegalArgumentException e) {
            throw wrong("--load-balancer: " + e.getMessage());
        }
    }

    @Option(
            names = "--dns-upstream",
            paramLabel = "ADDRESS[:PORT]",
            description = "a server to ask for names that are not the cluster's, up to 3 times; kept until it is"
                    + " changed; \"host\" for the host's own (the default; nobody with --no-uplink)")
    private List<String> upstreams = List.of();

    /** The servers, none for those of the host; empty where nothing is said. What makes no sense is wrong use. */
    Optional<List<String>> dnsUpstreams() {
        if (upstreams.equals(List.of(OF_THE_HOST))) {
            return Optional.of(List.of());
        }
        try {
            Settings.requireUpstreams(upstreams);
        } catch (IllegalArgumentException e) {
            throw wrong("--dns-upstream: " + e.getMessage());
        }
        return upstreams.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(upstreams));
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
