package io.jollyboat.controllers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides what a node that is silent, or says that it is not well, gets: conditions and taints. */
final class NodeHealth {
    /** What a silent node no longer tells. */
    static final List<String> TOLD = List.of(Node.READY, "MemoryPressure", "DiskPressure", "PIDPressure");

    /** A condition in some state earns a taint. */
    private record Rule(String condition, String status, String taint) {}

    private static final List<Rule> RULES = List.of(
            new Rule(Node.READY, Condition.FALSE, Taint.NOT_READY),
            new Rule(Node.READY, Condition.UNKNOWN, Taint.UNREACHABLE),
            new Rule("MemoryPressure", Condition.TRUE, "node.kubernetes.io/memory-pressure"),
            new Rule("DiskPressure", Condition.TRUE, "node.kubernetes.io/disk-pressure"),
            new Rule("PIDPressure", Condition.TRUE, "node.kubernetes.io/pid-pressure"),
            new Rule("NetworkUnavailable", Condition.TRUE, "node.kubernetes.io/network-unavailable"));
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final Set<String> EVICTING = Set.of(Taint.NOT_READY, Taint.UNREACHABLE);

    private NodeHealth() {}

    /** The conditions that a silent node gets; empty where it has them already. */
    static List<Condition> silent(Node node, Instant now) {
        List<Condition> changed = new ArrayList<>();
        for (String type : TOLD) {
            Optional<Condition> present = Condition.find(node.conditions(), type);
            if (present.isEmpty()) {
                changed.add(Condition.now(
                                type,
                                Condition.UNKNOWN,
                                "NodeStatusNeverUpdated",
                                "Kubelet never posted node status.",
                                now)
                        .withoutUpdateTime());
            } else if (!present.get().is(Condition.UNKNOWN)) {
                changed.add(Condition.now(
                                type,
                                Condition.UNKNOWN,
                                "NodeStatusUnknown",
                                "Kubelet stopped posting node status.",
                                now)
                        .withoutUpdateTime());
            }
        }
        return changed;
    }

    /** Whether it has a taint already that evicts its Pods because it is not ready. */
    static boolean evicts(Node node) {
        return node.taints().stream().anyMatch(taint -> taint.evicts() && EVICTING.contains(taint.key()));
    }

    /**
     * The taints that a node shall have: those of others as they are, and those by its conditions.
     *
     * @param evicting whether a node that is not ready loses its Pods now. Where no node at all is ready, it is more
     *     likely that this process hears nothing than that all are dead, and nobody gains by evictions.
     */
    static List<Taint> taints(Node node, boolean evicting, Instant now) {
        Set<String> keys = new LinkedHashSet<>();
        for (Rule rule : RULES) {
            boolean told = Condition.find(node.conditions(), rule.condition).isPresent();
            if (told && node.condition(rule.condition).equals(rule.status)) {
                keys.add(rule.taint);
            }
        }
        if (node.ready().isEmpty()) {
            keys.add(Taint.NOT_READY);
        }
        String added = now.truncatedTo(ChronoUnit.SECONDS).toString();
        List<Taint> wanted = new ArrayList<>();
        if (node.unschedulable()) {
            wanted.add(new Taint(UNSCHEDULABLE, "", Taint.NO_SCHEDULE, added));
        }
        for (String key : keys) {
            wanted.add(new Taint(key, "", Taint.NO_SCHEDULE, added));
            if (EVICTING.contains(key) && evicting && node.ready().isPresent()) {
                wanted.add(new Taint(key, "", Taint.NO_EXECUTE, added));
            }
        }
        List<Taint> taints = new ArrayList<>();
        for (Taint present : node.taints()) {
            if (!ours(present) || wanted.stream().anyMatch(present::same)) {
                taints.add(present);
            }
        }
        for (Taint taint : wanted) {
            if (node.taints().stream().noneMatch(taint::same)) {
                taints.add(taint);
            }
        }
        return taints;
    }

    private static boolean ours(Taint taint) {
        boolean byCondition =
                taint.key().equals(UNSCHEDULABLE) || RULES.stream().anyMatch(rule -> rule.taint.equals(taint.key()));
        return byCondition
                && (taint.effect().equals(Taint.NO_SCHEDULE) || taint.evicts() && EVICTING.contains(taint.key()));
    }
}
