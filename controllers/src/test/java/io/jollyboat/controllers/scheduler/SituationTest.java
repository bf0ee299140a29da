package io.jollyboat.controllers.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A situation that was changed step by step tells the same as one that is made anew, and as counting by hand. */
class SituationTest {
    private static final int STEPS = 300;
    private static final int NODES = 12;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    private final Map<String, Room> expected = new TreeMap<>();
    private final Situation situation = new Situation();
    private int pods;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void stepByStepIsAsAnew(long seed) {
        Random random = new Random(seed);
        PodFacts asking = pod(random, "shy");
        PodTerm term = asking.affinity().far().getFirst();
        for (int step = 0; step < STEPS; step++) {
            change(random);
            assertThat(situation.rooms()).containsExactlyElementsOf(expected.values());
            Company company = new Company(asking, situation);
            Company anew = new Company(asking, anew());
            assertThat(company.meant(term)).isEqualTo(anew.meant(term)).isEqualTo(byHand(term));
            Spread spread = asking.spreads().getFirst();
            assertThat(company.spread(spread)).isEqualTo(anew.spread(spread));
            assertThat(company.emptiest(spread)).isEqualTo(anew.emptiest(spread));
            for (Room room : expected.values()) {
                assertThat(company.repels(room.node())).isEqualTo(repelsByHand(asking, room.node()));
            }
            assertThat(Choice.of(asking, situation, 0)).isEqualTo(Choice.of(asking, anew(), 0));
        }
    }

    private void change(Random random) {
        String name = "n" + random.nextInt(NODES);
        Room room = expected.get(name);
        if (room == null || random.nextInt(8) == 0) {
            String zone = random.nextInt(4) == 0 ? "" : ",zone:'z" + random.nextInt(3) + "'";
            NodeFacts node = NodeFacts.of(json("{metadata:{name:'" + name + "',labels:{host:'" + name + "'" + zone
                    + "}},status:{allocatable:{cpu:'4',memory:'8Gi',pods:'9'}}}"));
            put(Room.of(node, room == null ? List.of() : room.pods()));
        } else if (random.nextInt(8) == 0) {
            expected.remove(name);
            situation.remove(name);
        } else if (random.nextInt(3) == 0 && !room.pods().isEmpty()) {
            put(room.without(Set.of(room.pods().get(random.nextInt(room.pods().size())))));
        } else {
            put(room.with(pod(random, random.nextInt(4) == 0 ? "shy" : "bold").on(name)));
        }
    }

    private void put(Room room) {
        expected.put(room.node().name(), room);
        situation.put(room);
    }

    private Situation anew() {
        List<NodeFacts> nodes = new ArrayList<>();
        List<PodFacts> placed = new ArrayList<>();
        expected.values().forEach(room -> {
            nodes.add(room.node());
            placed.addAll(room.pods());
        });
        return Situation.of(nodes, placed);
    }

    private Map<String, Long> byHand(PodTerm term) {
        Map<String, Long> counts = new HashMap<>();
        for (Room room : expected.values()) {
            String domain = room.node().domain(term.topologyKey());
            long found = room.pods().stream().filter(term::means).count();
            if (!domain.isEmpty() && found > 0) {
                counts.merge(domain, found, Long::sum);
            }
        }
        return counts;
    }

    private boolean repelsByHand(PodFacts pod, NodeFacts node) {
        for (Room room : expected.values()) {
            for (PodFacts other : room.pods()) {
                for (PodTerm term : other.affinity().far()) {
                    String there = room.node().domain(term.topologyKey());
                    if (!there.isEmpty() && there.equals(node.domain(term.topologyKey())) && term.means(pod)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** A shy one wants to be far from some others, and has a spread. */
    private PodFacts pod(Random random, String sort) {
        String far = sort.equals("shy")
                ? "affinity:{podAntiAffinity:{requiredDuringSchedulingIgnoredDuringExecution:[{topologyKey:'"
                        + (random.nextBoolean() ? "zone" : "host") + "',labelSelector:{matchLabels:{app:'a"
                        + random.nextInt(3) + "'}}}]}},"
                : "";
        String going = random.nextInt(5) == 0 ? ",deletionTimestamp:'2026-01-01T00:00:00Z'" : "";
        return PodFacts.of(
                json("{metadata:{name:'p" + pods + "',uid:'u" + pods++ + "',namespace:'default',labels:{app:'a"
                        + random.nextInt(3) + "'}" + going + "},spec:{" + far
                        + "topologySpreadConstraints:[{maxSkew:1,topologyKey:'zone',labelSelector:{matchLabels:{app:'a1'}}}],"
                        + "containers:[{name:'c',resources:{requests:{cpu:'100m'}}}]}}"));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text);
    }
}
