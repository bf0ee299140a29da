package io.jollyboat.controllers.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes room for a Pod by the eviction of others of lower priority. On each node that could ever do, all of them are
 * thought away; if the Pod then fits, as many as possible are put back, the most important first. The node is taken
 * whose most important victim matters least, then the one with the fewest victims.
 */
final class Preemption {
    private Preemption() {}

    private record Offer(Room room, List<PodFacts> victims) {
        int highest() {
            return victims.stream().mapToInt(PodFacts::priority).max().orElse(Integer.MIN_VALUE);
        }
    }

    /** @param message why no node will do as things are */
    static Choice decide(PodFacts pod, Situation situation, String message) {
        int nodes = situation.rooms().size();
        if (!pod.preempts()) {
            return new Choice.None(message + " preemption: not eligible due to preemptionPolicy=Never.");
        }
        List<Offer> offers = new ArrayList<>();
        int hopeless = 0;
        int enough = Sampling.offers(nodes);
        Company company = new Company(pod, situation);
        for (Room room : List.copyOf(situation.rooms())) {
            if (!Filters.couldEverDo(pod, room, company)) {
                hopeless++;
            } else if (offers.size() < enough) {
                offer(pod, room, situation).ifPresent(offers::add);
            }
        }
        Optional<Offer> best = offers.stream()
                .min(Comparator.comparingInt(Offer::highest)
                        .thenComparingInt(offer -> offer.victims().size()));
        if (best.isPresent()) {
            return new Choice.MakeRoom(
                    best.get().room().node().name(), best.get().victims(), message);
        }
        List<String> reasons = new ArrayList<>();
        if (nodes > hopeless) {
            reasons.add((nodes - hopeless) + " No preemption victims found for incoming pod");
        }
        if (hopeless > 0) {
            reasons.add(hopeless + " Preemption is not helpful for scheduling");
        }
        return new Choice.None(
                message + " preemption: 0/" + nodes + " nodes are available: " + String.join(", ", reasons) + ".");
    }

    private static Optional<Offer> offer(PodFacts pod, Room room, Situation situation) {
        List<PodFacts> lesser = room.pods().stream()
                .filter(other -> other.priority() < pod.priority())
                .sorted(Comparator.comparingInt(PodFacts::priority).reversed().thenComparing(PodFacts::created))
                .toList();
        Set<PodFacts> gone = new HashSet<>(lesser);
        if (lesser.isEmpty() || !possible(pod, room.without(gone), situation)) {
            return Optional.empty();
        }
        for (PodFacts candidate : lesser) {
            gone.remove(candidate);
            if (!possible(pod, room.without(gone), situation)) {
                gone.add(candidate);
            }
        }
        return Optional.of(
                new Offer(room, lesser.stream().filter(gone::contains).toList()));
    }

    /** Thinks the node's content changed; afterwards the situation is as it was. */
    private static boolean possible(PodFacts pod, Room thought, Situation situation) {
        Room present = situation.room(thought.node().name()).orElseThrow();
        situation.put(thought);
        try {
            return Filters.objections(pod, thought, new Company(pod, situation)).isEmpty();
        } finally {
            situation.put(present);
        }
    }
}
