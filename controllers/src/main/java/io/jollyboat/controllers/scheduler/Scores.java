package io.jollyboat.controllers.scheduler;

import io.jollyboat.controllers.Taint;
import java.util.List;
import java.util.Map;

/**
 * How well a node suits a Pod that it could take. Each score is between 0 and 1 and has a weight; the weights are those
 * of Kubernetes' default profile.
 */
final class Scores {
    /** One view of how well a node suits. */
    interface Score {
        double of(PodFacts pod, Room room, Company company);
    }

    private record Weighed(Score score, int weight) {}

    private static final List<Weighed> ALL = List.of(
            new Weighed(Scores::leastAllocated, 1),
            new Weighed(Scores::balanced, 1),
            new Weighed(Scores::preferredByNodeAffinity, 2),
            new Weighed(Scores::withoutSoftTaints, 3),
            new Weighed(Scores::spread, 2),
            new Weighed(Scores::company, 2));

    private static final int LARGEST_WEIGHT = 100;

    private Scores() {}

    static double total(PodFacts pod, Room room, Company company) {
        double total = 0;
        for (Weighed one : ALL) {
            total += one.weight * one.score.of(pod, room, company);
        }
        return total;
    }

    private static double share(String resource, PodFacts pod, Room room) {
        long allocatable = room.node().allocatable().get(resource);
        long used = room.taken().get(resource) + pod.requests().get(resource);
        return allocatable == 0 ? 0 : Math.min(1, (double) used / allocatable);
    }

    private static double leastAllocated(PodFacts pod, Room room, Company company) {
        double cpu = 1 - share(Amounts.CPU, pod, room);
        double memory = 1 - share(Amounts.MEMORY, pod, room);
        double pods = 1 - share(Amounts.PODS, pod, room);
        return (cpu + memory + pods) / 3;
    }

    private static double balanced(PodFacts pod, Room room, Company company) {
        return 1 - Math.abs(share(Amounts.CPU, pod, room) - share(Amounts.MEMORY, pod, room)) / 2;
    }

    private static double preferredByNodeAffinity(PodFacts pod, Room room, Company company) {
        List<PodFacts.Preference> wishes = pod.affinity().nodePreferred();
        int granted = 0;
        int asked = 0;
        for (PodFacts.Preference wish : wishes) {
            asked += wish.weight();
            granted += wish.term().matches(room.node()) ? wish.weight() : 0;
        }
        return asked == 0 ? 0 : (double) granted / asked;
    }

    private static double withoutSoftTaints(PodFacts pod, Room room, Company company) {
        if (room.node().taints().isEmpty()) {
            return 1;
        }
        List<Taint> soft = room.node().taints().stream()
                .filter(taint -> taint.effect().equals("PreferNoSchedule"))
                .filter(taint -> pod.tolerations().stream().noneMatch(t -> t.tolerates(taint)))
                .toList();
        return 1.0 / (1 + soft.size());
    }

    /** Emptier domains first; without constraints of its own a Pod is spread over nodes by their number of Pods. */
    private static double spread(PodFacts pod, Room room, Company company) {
        double score = 0;
        int soft = 0;
        for (Spread spread : pod.spreads()) {
            String domain = room.node().domain(spread.topologyKey());
            if (!spread.mustHold() && !domain.isEmpty()) {
                Map<String, Long> counts = company.spread(spread);
                score += 1.0 / (1 + counts.getOrDefault(domain, 0L));
                soft++;
            }
        }
        return soft == 0 ? 1.0 / (1 + room.pods().size()) : score / soft;
    }

    /** Wishes to be near add, wishes to be far take away. */
    private static double company(PodFacts pod, Room room, Company company) {
        double sum = 0.5;
        for (PodTerm term : pod.affinity().nearPreferred()) {
            sum += met(term, room.node(), company) ? (double) term.weight() / LARGEST_WEIGHT / 2 : 0;
        }
        for (PodTerm term : pod.affinity().farPreferred()) {
            sum -= met(term, room.node(), company) ? (double) term.weight() / LARGEST_WEIGHT / 2 : 0;
        }
        return Math.clamp(sum, 0, 1);
    }

    private static boolean met(PodTerm term, NodeFacts node, Company company) {
        String domain = node.domain(term.topologyKey());
        return !domain.isEmpty() && company.meant(term).getOrDefault(domain, 0L) > 0;
    }
}
