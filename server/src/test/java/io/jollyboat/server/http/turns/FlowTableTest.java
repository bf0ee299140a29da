package io.jollyboat.server.http.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.server.User;
import io.jollyboat.testing.Cases;
import io.jollyboat.testing.Cases.Case;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each request finds its flow: {@code flows.cases}. */
class FlowTableTest {
    private final FlowTable table = FlowTable.builtIn();

    static List<Case> cases() {
        return Cases.read(FlowTableTest.class, "flows.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRequestBelongsToAFlow(Case one) {
        String[] words = one.part(0).split(" ");
        Set<String> groups = words[1].equals("-") ? Set.of() : Set.of(words[1].split(","));
        User user = new User(words[0], "", groups, Map.of());
        Flow flow = table.flow(new Asked(user, words[2], words[3], words[4].equals("-") ? "" : words[4]));
        assertThat((flow.schema() + " " + flow.level().name() + " " + flow.name()).strip())
                .isEqualTo(one.part(1));
    }

    @Test
    void theLevelsShareAllSeatsAsInKubernetes() {
        int shares = table.levels().stream().mapToInt(Level::shares).sum();
        assertThat(table.levels().stream()
                        .filter(level -> !level.exempt())
                        .map(level -> level.name() + " " + level.seats(600, shares)))
                .containsExactly(
                        "node-high 98",
                        "system 74",
                        "leader-election 25",
                        "workload-high 98",
                        "workload-low 245",
                        "global-default 49",
                        "catch-all 13");
    }
}
