package io.jollyboat.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Decides for one ReplicaSet: how many Pods to create, which to delete, what its status says. */
final class Replicas {
    /** At most so many Pods are created or deleted at a time; the rest follows when these are seen. */
    static final int BURST = 500;

    private static final List<String> PHASES = List.of("Pending", "Unknown", "Running");

    private Replicas() {}

    /** What is to be done about the number of Pods; one of both is nothing. */
    record Difference(int create, List<Pod> delete) {}

    /** A failed creation or deletion. */
    record Failure(String reason, String message) {}

    /**
     * @param active the Pods of the set that count
     * @param related the Pods of all sets with the same controller, by which crowded nodes are known
     */
    static Difference difference(ReplicaSet set, Collection<Pod> active, Collection<Pod> related, Instant now) {
        int surplus = active.size() - set.replicas();
        if (surplus <= 0) {
            return new Difference(Math.min(-surplus, BURST), List.of());
        }
        List<Pod> ranked = new ArrayList<>(active);
        if (surplus < active.size()) {
            ranked.sort(deletionOrder(related, now));
        }
        return new Difference(0, List.copyOf(ranked.subList(0, Math.min(surplus, BURST))));
    }

    /**
     * Whom to delete first: who is not scheduled, not started, not ready, cheap, on a crowded node, ready for a short
     * time, often restarted, young. Times count in powers of two, so that chance spreads the rest
     * (KEP-2185; pkg/controller ActivePodsWithRanks).
     */
    static Comparator<Pod> deletionOrder(Collection<Pod> related, Instant now) {
        Map<String, Integer> crowd = new HashMap<>();
        for (Pod pod : related) {
            if (pod.active()) {
                crowd.merge(pod.nodeName(), 1, Integer::sum);
            }
        }
        return Comparator.comparing((Pod pod) -> !pod.nodeName().isEmpty())
                .thenComparing(pod -> PHASES.indexOf(pod.phase()))
                .thenComparing(Pod::ready)
                .thenComparing(Pod::deletionCost)
                .thenComparing(pod -> -crowd.getOrDefault(pod.nodeName(), 0))
                .thenComparing(byAge(pod -> pod.ready() ? pod.readySince() : Instant.EPOCH, now))
                .thenComparing(pod -> -pod.restarts())
                .thenComparing(byAge(Pod::created, now))
                .thenComparing(pod -> pod.metadata().uid());
    }

    private static Comparator<Pod> byAge(Function<Pod, Instant> since, Instant now) {
        return Comparator.comparing(pod -> {
            long seconds = Math.max(1, Duration.between(since.apply(pod), now).toSeconds());
            return Long.SIZE - Long.numberOfLeadingZeros(seconds);
        });
    }

    static ReplicaSet.Status status(
            ReplicaSet set, Collection<Pod> active, int terminating, Optional<Failure> failure, Instant now) {
        Map<String, String> labels = set.template().labels();
        if (!set.template().hash().isEmpty()) {
            labels.put(PodTemplate.HASH_LABEL, set.template().hash());
        }
        int labeled = 0;
        int ready = 0;
        int available = 0;
        for (Pod pod : active) {
            labeled += pod.labels().entrySet().containsAll(labels.entrySet()) ? 1 : 0;
            ready += pod.ready() ? 1 : 0;
            available += pod.available(set.minReadySeconds(), now) ? 1 : 0;
        }
        List<Condition> conditions = set.status().conditions();
        Optional<Condition> present = Condition.find(conditions, "ReplicaFailure");
        if (failure.isEmpty()) {
            conditions = present.isEmpty() ? conditions : Condition.without(conditions, "ReplicaFailure");
        } else if (present.isEmpty()) {
            Condition news = Condition.now(
                    "ReplicaFailure",
                    Condition.TRUE,
                    failure.get().reason(),
                    failure.get().message(),
                    now);
            conditions = Condition.set(conditions, news.withoutUpdateTime());
        }
        return new ReplicaSet.Status(
                Math.max(set.status().observedGeneration(), set.generation()),
                active.size(),
                labeled,
                ready,
                available,
                terminating,
                conditions);
    }

    /** When the next ready Pod will count as available; empty when none is waiting for that. */
    static Optional<Duration> nextAvailable(ReplicaSet set, Collection<Pod> active, Instant now) {
        return active.stream()
                .filter(pod -> pod.ready() && !pod.available(set.minReadySeconds(), now))
                .map(pod -> Duration.between(now, pod.readySince().plusSeconds(set.minReadySeconds())))
                .min(Comparator.naturalOrder());
    }
}
