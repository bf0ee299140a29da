package io.jollyboat.controllers.scheduler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One node, what lies on it, and what that takes up together. */
record Room(NodeFacts node, List<PodFacts> pods, Amounts taken) {
    static Room of(NodeFacts node, Collection<PodFacts> pods) {
        Map<String, Long> sum = new TreeMap<>();
        for (PodFacts pod : pods) {
            pod.requests().of().forEach((name, amount) -> sum.merge(name, amount, Long::sum));
        }
        return new Room(node, List.copyOf(pods), new Amounts(sum));
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
