package io.jollyboat.controllers.scheduler;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the wishes of one Pod about others, and those of others about it, come to in a situation. Each is counted once,
 * when it is first asked for, however many nodes are looked at; whoever changes the situation makes another.
 */
final class Company {
    private final PodFacts pod;
    private final Situation situation;
    private final Map<PodTerm, Map<String, Long>> meant = new IdentityHashMap<>();
    private final Map<Spread, Map<String, Long>> spreads = new IdentityHashMap<>();
    private final Map<Spread, Long> emptiest = new IdentityHashMap<>();
    private final Map<String, Set<String>> repelling = new HashMap<>(); // domains by topology key
    private boolean repellingKnown;

    Company(PodFacts pod, Situation situation) {
        this.pod = pod;
        this.situation = situation;
    }

    /** How many Pods that the term means lie in each domain of its topology key; domains without any are missing. */
    Map<String, Long> meant(PodTerm term) {
        return meant.computeIfAbsent(term, this::count);
    }

    private Map<String, Long> count(PodTerm term) {
        Map<String, Long> counts = new HashMap<>();
        situation.eachKin((kin, nodes) -> {
            if (term.means(kin.namespace(), kin.labels())) {
                add(nodes, term.topologyKey(), counts);
            }
        });
        return counts;
    }

    private void add(Map<String, Integer> nodes, String topologyKey, Map<String, Long> counts) {
        nodes.forEach((node, count) -> {
            String domain = domain(node, topologyKey);
            if (!domain.isEmpty()) {
                counts.merge(domain, (long) count, Long::sum);
            }
        });
    }

    private String domain(String node, String topologyKey) {
        return situation.room(node).map(room -> room.node().domain(topologyKey)).orElse("");
    }

    /** How many like Pods lie in each domain that counts. */
    Map<String, Long> spread(Spread spread) {
        return spreads.computeIfAbsent(spread, this::count);
    }

    private Map<String, Long> count(Spread spread) {
        Map<String, Long> counts = new HashMap<>();
        Set<String> counted = new HashSet<>();
        for (Room room : situation.rooms()) {
            NodeFacts node = room.node();
            String domain = node.domain(spread.topologyKey());
            if (!domain.isEmpty()
                    && (!spread.honourAffinity() || Filters.wants(pod, node))
                    && (!spread.honourTaints() || Filters.untolerated(pod, node).isEmpty())) {
                counts.putIfAbsent(domain, 0L);
                counted.add(node.name());
            }
        }
        situation.eachKin((kin, nodes) -> {
            if (!kin.deleting()
                    && kin.namespace().equals(pod.key().namespace())
                    && spread.selector().matches(kin.labels())) {
                nodes.forEach((node, count) -> {
                    if (counted.contains(node)) {
                        counts.merge(domain(node, spread.topologyKey()), (long) count, Long::sum);
                    }
                });
            }
        });
        return counts;
    }

    /** How many like Pods the emptiest domain has; none where there are fewer domains than there shall be. */
    long emptiest(Spread spread) {
        return emptiest.computeIfAbsent(spread, absent -> {
            Map<String, Long> counts = spread(spread);
            return counts.size() < spread.minDomains()
                    ? 0
                    : counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
        });
    }

    /** Whether a Pod that is there already wants this one far from it, and the node would be near. */
    boolean repels(NodeFacts node) {
        if (!repellingKnown) {
            findRepelling();
            repellingKnown = true;
        }
        for (Map.Entry<String, Set<String>> one : repelling.entrySet()) {
            if (one.getValue().contains(node.domain(one.getKey()))) {
                return true;
            }
        }
        return false;
    }

    private void findRepelling() {
        for (Room room : situation.aloof()) {
            room.pods().stream()
                    .flatMap(other -> other.affinity().far().stream())
                    .filter(term -> !room.node().domain(term.topologyKey()).isEmpty() && term.means(pod))
                    .forEach(term -> repelling
                            .computeIfAbsent(term.topologyKey(), key -> new HashSet<>())
                            .add(room.node().domain(term.topologyKey())));
        }
    }
}
