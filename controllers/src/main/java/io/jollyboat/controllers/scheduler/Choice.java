package io.jollyboat.controllers.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which node a Pod gets: a pure decision from the situation. */
sealed interface Choice {
    /** @param seen how many nodes were looked at; the search for the next Pod begins behind them */
    record Node(String name, int seen) implements Choice {}

    /**
     * No node will do now.
     *
     * @param message in the words of Kubernetes' scheduler
     */
    record None(String message) implements Choice {}

    /** No node will do now, but one will when these Pods of lower priority are gone. */
    record MakeRoom(String name, List<PodFacts> victims, String message) implements Choice {}

    /** @param from with which node, counted in the order of their names, the search begins; it goes round */
    static Choice of(PodFacts pod, Situation situation, int from) {
        List<Room> rooms = situation.rooms();
        if (rooms.isEmpty()) {
            return new None("no nodes available to schedule pods");
        }
        Company company = new Company(pod, situation);
        Map<String, Integer> objections = new TreeMap<>();
        List<Room> possible = new ArrayList<>();
        int enough = Sampling.enough(rooms.size());
        int seen = 0;
        while (seen < rooms.size() && possible.size() < enough) {
            Room room = rooms.get((from + seen++) % rooms.size());
            List<String> found = Filters.objections(pod, room, company);
            found.forEach(objection -> objections.merge(objection, 1, Integer::sum));
            if (found.isEmpty()) {
                possible.add(room);
            }
        }
        return possible.isEmpty()
                ? Preemption.decide(pod, situation, message(rooms.size(), objections))
                : new Node(best(pod, possible, company), seen);
    }

    /** The node that suits best; of equals the first by name. */
    private static String best(PodFacts pod, List<Room> possible, Company company) {
        String best = "";
        double most = Double.NEGATIVE_INFINITY;
        for (Room room : possible) {
            String name = room.node().name();
            double total = Scores.total(pod, room, company);
            if (total > most || total == most && name.compareTo(best) < 0) {
                best = name;
                most = total;
            }
        }
        return best;
    }

    private static String message(int nodes, Map<String, Integer> objections) {
        return "0/" + nodes + " nodes are available: "
                + objections.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
