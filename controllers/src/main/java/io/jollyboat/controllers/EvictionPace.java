package io.jollyboat.controllers;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * When a node that is not ready gets the taint that evicts its Pods. In each zone one node after another gets it, the one
 * that asked first first, so that an error of ours or of a network does not empty a zone at once. Where many nodes of a
 * zone are not ready, the zone is more likely to blame than they, and the pace is slower.
 *
 * <p>Source: Kubernetes documentation, "Nodes", rate limits on eviction; kube-controller-manager, {@code
 * --node-eviction-rate}, {@code --secondary-node-eviction-rate}, {@code --unhealthy-zone-threshold} and {@code
 * --large-cluster-size-threshold} with their defaults.
 */
final class EvictionPace {
    static final Duration NORMAL = Duration.ofSeconds(10);
    static final Duration SLOW = Duration.ofSeconds(100);

    private static final double UNHEALTHY_SHARE = 0.55;
    private static final int FEW = 2; // nodes that are not ready never make a zone unhealthy
    private static final int LARGE = 50; // nodes

    /** How the nodes of a zone fare. */
    record Zone(int ready, int notReady) {
        static Zone of(String zone, Collection<Node> nodes) {
            int ready = 0;
            int notReady = 0;
            for (Node node : nodes) {
                if (node.evictionZone().equals(zone)) {
                    boolean is = node.condition(Node.READY).equals(Condition.TRUE);
                    ready += is ? 1 : 0;
                    notReady += is ? 0 : 1;
                }
            }
            return new Zone(ready, notReady);
        }

        /** The time between one node's taint and the next one's; empty where there shall be none. */
        Optional<Duration> interval() {
            int all = ready + notReady;
            boolean unhealthy = ready > 0 && notReady > FEW && notReady >= UNHEALTHY_SHARE * all;
            if (!unhealthy) {
                return Optional.of(NORMAL);
            }
            return all > LARGE ? Optional.of(SLOW) : Optional.empty();
        }
    }

    private static final class Queue {
        private final SequencedSet<String> nodes = new LinkedHashSet<>();
        private Optional<Long> last = Optional.empty();
    }

    private final Map<String, Queue> queues = new HashMap<>(); // by zone
    private final Map<String, String> zones = new HashMap<>(); // of the nodes that wait

    /**
     * A node asks for its turn, and waits for it from then on.
     *
     * @param now on the monotonic clock, in nanoseconds
     * @return zero when it is its turn, which is thereby taken; when to ask again; empty while others come first
     */
    Optional<Duration> turn(String node, String zone, Zone state, long now) {
        if (!zone.equals(zones.getOrDefault(node, zone))) {
            leave(node);
        }
        zones.put(node, zone);
        Queue queue = queues.computeIfAbsent(zone, absent -> new Queue());
        queue.nodes.add(node);
        if (!queue.nodes.getFirst().equals(node)) {
            return Optional.empty();
        }
        Optional<Duration> interval = state.interval();
        if (interval.isEmpty()) {
            return Optional.of(NORMAL); // then things may be different
        }
        long gone = queue.last.map(last -> now - last).orElse(Long.MAX_VALUE);
        long left = interval.get().toNanos() - gone;
        if (left > 0) {
            return Optional.of(Duration.ofNanos(left));
        }
        queue.last = Optional.of(now);
        leave(node);
        return Optional.of(Duration.ZERO);
    }

    /** A node no longer waits; the one in its zone whose turn is next, and which is to ask. */
    Optional<String> leave(String node) {
        String zone = zones.remove(node);
        return zone == null
                ? Optional.empty()
                : Optional.ofNullable(queues.get(zone)).flatMap(queue -> {
                    queue.nodes.remove(node);
                    return next(zone);
                });
    }

    /** The node in a zone whose turn is next. */
    Optional<String> next(String zone) {
        return Optional.ofNullable(queues.get(zone))
                .flatMap(queue -> queue.nodes.stream().findFirst());
    }
}
