package io.jollyboat.controllers.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.codec.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every case of {@code choices.yaml}: nodes and Pods that are there, a Pod that waits, and what is chosen for it. */
class ChoiceTest {
    @TestFactory
    Stream<DynamicTest> choices() throws IOException {
        try (InputStream in = ChoiceTest.class.getResourceAsStream("choices.yaml")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<Manifest.Part> cases = Manifest.parts(text);
            assertThat(cases).hasSizeGreaterThan(15);
            return cases.stream()
                    .map(Manifest.Part::object)
                    .map(one -> DynamicTest.dynamicTest(one.path("case").asString(""), () -> check(one)));
        }
    }

    private static void check(JsonNode one) {
        List<NodeFacts> nodes = new ArrayList<>();
        one.path("nodes").forEach(node -> nodes.add(NodeFacts.of((ObjectNode) node)));
        List<PodFacts> placed = new ArrayList<>();
        one.path("placed").forEach(pod -> placed.add(PodFacts.of((ObjectNode) pod)));
        PodFacts pod = PodFacts.of((ObjectNode) one.path("pod"));
        String chosen = switch (Choice.of(pod, Situation.of(nodes, placed), 0)) {
            case Choice.Node node -> node.name();
            case Choice.None none -> none.message();
            case Choice.MakeRoom room ->
                "room on " + room.name() + " without "
                        + String.join(
                                " ",
                                room.victims().stream().map(v -> v.key().name()).toList());
        };
        assertThat(chosen).isEqualTo(one.path("chosen").asString(""));
    }
}
