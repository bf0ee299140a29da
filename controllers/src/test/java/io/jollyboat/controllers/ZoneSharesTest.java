package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.controllers.Endpoint.Answer;
import io.jollyboat.controllers.EndpointSlice.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneSharesTest {
    /** Nodes as zone:processors, endpoints as their zones, then the zones that they are meant for. */
    @ParameterizedTest
    @CsvSource({
        "a:4 b:4, a b, a b", // each its own
        "a:4 b:4, a a b b, a a b b",
        "a:4 b:4, a a a a, a a b b", // half goes where none is
        "a:6 b:2, a a b b, a a b a", // the larger zone gets more
        "a:4 b:4 c:4, a b c a b c, a b c a b c",
        "a:4 b:4, a b a, -", // the zone with one would bear half as much again as is fair
        "a:4 b:4, a, -", // too few for two zones
        "a:4 b:4 c:4, a b, -",
        "a:4, a a, -", // one zone
        "a:4 :4, a a, -", // a node of which nobody knows the zone
        "a:4 b:0, a b, -",
        "a:4 b:4, a x, -", // an endpoint where no node is
        "a:4 b:4, a b !a, a b -", // what is not ready gets none
        "a:4 b:4 down:9, a b, a b"
    })
    void endpointsAreSharedOutByProcessors(String nodes, String endpoints, String expected) {
        List<Node> all = Stream.of(nodes.split(" ")).map(ZoneSharesTest::node).toList();
        List<Endpoint> given = new ArrayList<>();
        for (String zone : endpoints.split(" ")) {
            given.add(endpoint(given.size(), zone));
        }
        Group group = new Group("IPv4", List.of());
        String found = new ZoneShares(all)
                .hinted(Map.of(group, given)).get(group).stream()
                        .map(endpoint -> endpoint.zones().isEmpty()
                                ? "-"
                                : endpoint.zones().getFirst())
                        .collect(Collectors.joining(" "));
        assertThat(found.replaceAll("^-( -)*$", "-")).isEqualTo(expected);
    }

    private static Node node(String text) {
        String[] part = text.split(":");
        boolean up = !part[0].equals("down");
        return Node.of(SmallCluster.json("""
                {metadata:{name:'n-%1$s',labels:{'topology.kubernetes.io/zone':'%1$s'}},
                 status:{allocatable:{cpu:'%2$s'},conditions:[{type:'Ready',status:'%3$s'}]}}
                """.formatted(part[0], part[1], up ? "True" : "False")));
    }

    private static Endpoint endpoint(int number, String text) {
        boolean ready = !text.startsWith("!");
        return new Endpoint(
                List.of("10.42.0." + number),
                new Endpoint.State(Answer.of(ready), Answer.of(ready), Answer.NO),
                "",
                "n",
                text.replace("!", ""),
                Map.of("uid", "u" + number),
                List.of(),
                List.of());
    }
}
