package io.jollyboat.controllers.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SamplingTest {
    @ParameterizedTest
    @CsvSource({"1, 100", "99, 100", "125, 100", "1000, 420", "5000, 500", "6000, 300", "15000, 750"})
    void enoughIsAsKubernetesHasIt(int nodes, int enough) {
        assertThat(Sampling.enough(nodes)).isEqualTo(enough);
    }

    @Test
    void theSearchGoesRoundSoThatAllNodesGetTheirShare() {
        List<NodeFacts> nodes = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            nodes.add(NodeFacts.of(json("""
                    {"metadata":{"name":"n%03d"},"status":{"allocatable":{"cpu":"4","pods":"9"}}}""".formatted(i))));
        }
        Situation situation = Situation.of(nodes, List.of());
        Set<String> used = new HashSet<>();
        int from = 0;
        for (int i = 0; i < 250; i++) {
            PodFacts pod = PodFacts.of(json("""
                    {"metadata":{"name":"p%d","namespace":"default","uid":"u%d"},"spec":{"containers":[{"name":"c"}]}}""".formatted(i, i)));
            Choice.Node chosen = (Choice.Node) Choice.of(pod, situation, from);
            assertThat(chosen.seen()).isEqualTo(Sampling.enough(nodes.size()));
            from = (from + chosen.seen()) % nodes.size();
            Room room = situation.room(chosen.name()).orElseThrow();
            situation.put(room.with(pod.on(chosen.name())));
            used.add(chosen.name());
        }
        assertThat(used).hasSizeGreaterThan(200);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }
}
