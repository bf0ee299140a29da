package io.jollyboat.controllers.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which node a Pod gets: a pure decision from the situation. */
sealed interface Choice {
    record Node(String name) implements Choice {}

    /**
     * No node will do now.
     *
     * @param message in the words of Kubernetes' scheduler
     */
    record None(String message) implements Choice {}

    /** No node will do now, but one will when these Pods of lower priority are gone. */
    record MakeRoom(String name, List<PodFacts> victims, String message) implements Choice {}

    static Choice of(PodFacts pod, Situation situation) {
        if (situation.rooms().isEmpty()) {
            return new None("no nodes available to schedule pods");
        }
        Map<String, Integer> objections = new TreeMap<>();
        List<Situation.Room> possible = new ArrayList<>();
        for (Situation.Room room : situation.rooms()) {
            List<String> found = Filters.objections(pod, room, situation);
            found.forEach(objection -> objections.merge(objection, 1, Integer::sum));
            if (found.isEmpty()) {
                possible.add(room);
            }
        }
        Optional<Situation.Room> best = possible.stream()
                .max(Comparator.<Situation.Room>comparingDouble(room -> Scores.total(pod, room, situation))
                        .thenComparing(room -> room.node().name(), Comparator.reverseOrder()));
        if (best.isPresent()) {
            return new Node(best.get().node().name());
        }
        return Preemption.decide(pod, situation, message(situation.rooms().size(), objections));
    }

    private static String message(int nodes, Map<String, Integer> objections) {
        return "0/" + nodes + " nodes are available: "
                + objections.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
