package io.jollyboat.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many of the Pods that a budget covers may be disrupted now (Kubernetes documentation, "Specifying a Disruption
 * Budget for your Application").
 *
 * @param healthy Pods that are ready and stay
 * @param desired how many of these there must be
 * @param expected how many Pods there should be in all
 * @param disrupted evicted Pods that are still seen and do not count, with the time of their eviction
 * @param again when to count anew though nothing changes
 */
record Disruptions(int healthy, int desired, int expected, Map<String, Instant> disrupted, Optional<Duration> again) {
    /** A Pod that is still there so long after its eviction will not go, and counts again. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    Disruptions {
        disrupted = Map.copyOf(disrupted);
    }

    /**
     * Counts.
     *
     * @param covered the Pods that the budget covers
     * @param evicted those of them that it notes as evicted
     * @param wanted how many Pods those who control them want, in sum; looked at where the budget is relative to that
     */
    static Disruptions count(Budget budget, List<PodGroups.Group> covered, List<Pod> evicted, int wanted, Instant now) {
        Map<String, Instant> disrupted = new TreeMap<>();
        Optional<Duration> again = Optional.empty();
        int healthy = covered.stream().mapToInt(PodGroups.Group::healthy).sum();
        for (Pod pod : evicted) {
            String name = pod.metadata().key().name();
            Instant since = budget.disrupted().getOrDefault(name, Instant.EPOCH);
            Duration left = Duration.between(now, since.plus(PATIENCE));
            if (left.isPositive() && !pod.metadata().deleting()) {
                disrupted.put(name, since);
                healthy -= pod.ready() ? 1 : 0;
                again = Optional.of(
                        again.filter(sooner -> sooner.compareTo(left) < 0).orElse(left));
            }
        }
        int pods = covered.stream().mapToInt(PodGroups.Group::pods).sum();
        int expected = relative(budget) ? wanted : budget.minAvailable().isEmpty() ? 0 : pods;
        return new Disruptions(healthy, desired(budget, expected), expected, disrupted, again);
    }

    /** Whether the budget depends on how many Pods their controllers want. */
    static boolean relative(Budget budget) {
        return !budget.maxUnavailable().isEmpty() || budget.minAvailable().endsWith("%");
    }

    /** How many Pods may be evicted. */
    int allowed() {
        return expected <= 0 ? 0 : Math.max(0, healthy - desired);
    }

    private static int desired(Budget budget, int expected) {
        return budget.maxUnavailable().isEmpty()
                ? scaled(budget.minAvailable(), expected)
                : Math.max(0, expected - scaled(budget.maxUnavailable(), expected));
    }

    /** A number, or a percentage of one rounded up; 0 for what is neither. */
    private static int scaled(String text, int of) {
        try {
            return text.endsWith("%")
                    ? (int) Math.ceilDiv(Long.parseLong(text.substring(0, text.length() - 1)) * of, 100L)
                    : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
