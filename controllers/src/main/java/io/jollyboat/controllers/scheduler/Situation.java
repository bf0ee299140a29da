package io.jollyboat.controllers.scheduler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All nodes with the Pods that are placed on them, at one moment. */
record Situation(List<Room> rooms) {
    /** One node, what lies on it, and what that takes up together. */
    record Room(NodeFacts node, List<PodFacts> pods, Amounts taken) {
        static Room of(NodeFacts node, List<PodFacts> pods) {
            Amounts taken = Amounts.NONE;
            for (PodFacts pod : pods) {
                taken = taken.plus(pod.requests());
            }
            return new Room(node, List.copyOf(pods), taken);
        }

        Room with(PodFacts pod) {
            List<PodFacts> more = new ArrayList<>(pods);
            more.add(pod);
            return new Room(node, List.copyOf(more), taken.plus(pod.requests()));
        }

        Room without(Set<PodFacts> gone) {
            return of(node, pods.stream().filter(pod -> !gone.contains(pod)).toList());
        }
    }

    Situation {
        rooms = List.copyOf(rooms);
    }

    /** Nodes in the order of their names, so that equal situations give equal decisions. */
    static Situation of(Collection<NodeFacts> nodes, Collection<PodFacts> pods) {
        Map<String, List<PodFacts>> byNode = new HashMap<>();
        for (PodFacts pod : pods) {
            if (pod.placed()) {
                byNode.computeIfAbsent(pod.nodeName(), name -> new ArrayList<>())
                        .add(pod);
            }
        }
        return new Situation(nodes.stream()
                .sorted(Comparator.comparing(NodeFacts::name))
                .map(node -> Room.of(node, byNode.getOrDefault(node.name(), List.of())))
                .toList());
    }

    /** The same with one more Pod placed. */
    Situation with(PodFacts pod) {
        return new Situation(rooms.stream()
                .map(room -> room.node().name().equals(pod.nodeName()) ? room.with(pod) : room)
                .toList());
    }

    /** The same with another content of one node. */
    Situation with(Room changed) {
        return new Situation(rooms.stream()
                .map(room -> room.node().name().equals(changed.node().name()) ? changed : room)
                .toList());
    }

    /** How many Pods that the term means lie in each domain of its topology key. */
    Map<String, Long> count(PodTerm term) {
        Map<String, Long> counts = new HashMap<>();
        for (Room room : rooms) {
            String domain = room.node().domain(term.topologyKey());
            if (!domain.isEmpty()) {
                long found = room.pods().stream().filter(term::means).count();
                counts.merge(domain, found, Long::sum);
            }
        }
        return counts;
    }
}
