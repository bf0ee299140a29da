package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.Protocol;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The ways in which Services of type LoadBalancer are reached from outside; one setting chooses. */
public enum Mode {
    /** As on a desktop: every one on the host's loopback, through a relay of this process. */
    LOCALHOST(EnumSet.of(Protocol.TCP, Protocol.UDP), true),
    /** As in K3s: on every node's address, through the proxy, which answers for the addresses in the status. */
    NODE(EnumSet.allOf(Protocol.class), false),
    /** As in a cloud: each on an address of its own, through the proxy likewise. */
    POOL(EnumSet.allOf(Protocol.class), false);

    private final Set<Protocol> protocols;
    private final boolean eachPortAlone;

    Mode(Set<Protocol> protocols, boolean eachPortAlone) {
        this.protocols = protocols;
        this.eachPortAlone = eachPortAlone;
    }

    /**
     * By the setting's word: {@code localhost}, {@code node} or {@code pool}.
     *
     * @throws IllegalArgumentException for any other, naming those that there are
     */
    public static Mode of(String word) {
        for (Mode mode : values()) {
            if (mode.toString().equals(word)) {
                return mode;
            }
        }
        String known = Arrays.stream(values()).map(Mode::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("there is no load balancer mode \"" + word + "\"; there are: " + known);
    }

    boolean carries(Protocol protocol) {
        return protocols.contains(protocol);
    }

    /**
     * Whether a Service keeps its other ports when it does not get one of them. Where the proxy answers for whole
     * addresses, a Service has all its ports or none.
     */
    boolean eachPortAlone() {
        return eachPortAlone;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
