package io.jollyboat.server.http.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.server.Fairness;
import io.jollyboat.server.User;
import io.jollyboat.testing.Cases;
import io.jollyboat.testing.Cases.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Each request finds its flow: {@code flows.cases}. */
class FlowTableTest {
    private final FlowTable table = FlowTable.of(Fairness.usual());

    static List<Case> cases() {
        return Cases.read(FlowTableTest.class, "flows.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRequestBelongsToAFlow(Case one) {
        String[] words = one.part(0).split(" ");
        Set<String> groups = words[1].equals("-") ? Set.of() : Set.of(words[1].split(","));
        User user = new User(words[0], "", groups, Map.of());
        Flow flow = table.flow(asked(user, words[2], words[3], words[4].equals("-") ? "" : words[4]));
        assertThat((flow.schema() + " " + flow.level() + " " + flow.name()).strip())
                .isEqualTo(one.part(1));
    }

    /** {@code what} is a path, or a plural with its group after a dot. */
    private static Asked asked(User user, String verb, String what, String namespace) {
        if (what.startsWith("/")) {
            return Asked.of(user, verb, what);
        }
        int dot = what.indexOf('.');
        String resource = dot < 0 ? what : what.substring(0, dot);
        return Asked.of(user, verb, dot < 0 ? "" : what.substring(dot + 1), resource, namespace);
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }

    private static ObjectNode schema(String name, String level, int precedence, String rule) {
        return object("""
                {"metadata": {"name": "%s", "uid": "uid of %s"},
                 "spec": {"priorityLevelConfiguration": {"name": "%s"}, "matchingPrecedence": %d, "rules": [%s]}}
                """.formatted(name, name, level, precedence, rule));
    }

    private static final String EVERYTHING = """
            {"subjects": [{"kind": "User", "user": {"name": "*"}}],
             "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["blue"]}]}
            """;

    private static String schemaOf(FlowTable table, String namespace) {
        User jane = new User("jane", "", Set.of("system:authenticated"), Map.of());
        return table.flow(asked(jane, "list", "pods", namespace)).schema();
    }

    @Test
    void theLowestPrecedenceCountsThenTheName() {
        List<ObjectNode> schemas = new ArrayList<>(Fairness.usual().schemas());
        schemas.add(schema("b", "system", 700, EVERYTHING));
        schemas.add(schema("a", "system", 700, EVERYTHING));
        schemas.add(schema("c", "workload-low", 900, EVERYTHING));
        FlowTable own = FlowTable.of(new Fairness(Fairness.usual().levels(), schemas));
        assertThat(schemaOf(own, "blue")).isEqualTo("a");
        assertThat(schemaOf(own, "red")).as("another namespace").isEqualTo("global-default");
        assertThat(schemaOf(own, "")).as("no namespace, without clusterScope").isEqualTo("global-default");
        Flow flow = own.flow(asked(new User("jane", "", Set.of(), Map.of()), "get", "pods", "blue"));
        assertThat(flow.schemaUid()).isEqualTo("uid of a");
        assertThat(flow.level()).isEqualTo("system");
    }

    @Test
    void aSchemaWithoutItsLevelCountsForNothing() {
        List<ObjectNode> schemas = new ArrayList<>(Fairness.usual().schemas());
        schemas.add(schema("dangling", "missing", 3, EVERYTHING));
        assertThat(schemaOf(FlowTable.of(new Fairness(Fairness.usual().levels(), schemas)), "blue"))
                .isEqualTo("global-default");
    }

    @Test
    void theMandatoryOnesHoldEvenWhenNothingIsStored() {
        FlowTable bare = FlowTable.of(new Fairness(List.of(), List.of()));
        assertThat(schemaOf(bare, "blue")).isEqualTo("catch-all");
        assertThat(bare.flow(asked(User.component("admin"), "list", "pods", "")).level())
                .isEqualTo("exempt");
        ObjectNode astray = schema("catch-all", "missing", 10_000, EVERYTHING);
        assertThat(schemaOf(FlowTable.of(new Fairness(List.of(), List.of(astray))), "blue"))
                .isEqualTo("catch-all");
    }

    @Test
    void theLevelsShareAllSeatsAsInKubernetes() {
        int shares = table.levels().stream().mapToInt(Level::shares).sum();
        assertThat(table.levels().stream().map(level -> {
                    Limits limits = level.limits(600, shares);
                    return "%s %d..%d..%d, a request at most %d"
                            .formatted(
                                    level.name(),
                                    limits.least(),
                                    limits.nominal(),
                                    limits.most(),
                                    level.widest(limits.nominal()));
                }))
                .containsExactlyInAnyOrder(
                        "exempt 0..0..600, a request at most 10",
                        "node-high 73..98..698, a request at most 10",
                        "system 50..74..674, a request at most 10",
                        "leader-election 25..25..625, a request at most 4",
                        "workload-high 49..98..698, a request at most 10",
                        "workload-low 24..245..845, a request at most 10",
                        "global-default 24..49..649, a request at most 8",
                        "catch-all 13..13..613, a request at most 10");
    }
}
