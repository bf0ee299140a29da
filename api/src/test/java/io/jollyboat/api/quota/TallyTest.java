package io.jollyboat.api.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
    private static final List<String> AMOUNTS = List.of("0", "1", "250m", "1Gi", "3M", "8E", "9223372036854775807");
    private static final List<Set<String>> SCOPES =
            List.of(Set.of(), Set.of("BestEffort"), Set.of("BestEffort", "Terminating"));
    private static final Map<String, Quantity> HARD = Map.of("pods", Quantity.ZERO, "cpu", Quantity.ZERO);
    private static final List<Quota> QUOTAS = List.of(
            new Quota("all", HARD, List.of()),
            new Quota("best", HARD, List.of(new Quota.Scope("BestEffort", "Exists", Set.of()))),
            new Quota("first", HARD, List.of(new Quota.Scope("PriorityClass", "In", Set.of("first")))));

    private static Usage usage(String cpu) {
        return new Usage(Map.of("cpu", Quantity.parse(cpu).orElseThrow()), Set.of(), "");
    }

    /** Whatever comes and goes, every quota reads from the sums what it would count from the objects. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sumsAreThoseOfTheObjects(long seed) {
        Random random = new Random(seed);
        Tally tally = new Tally();
        List<Usage> present = new ArrayList<>();
        for (int step = 0; step < 400; step++) {
            if (!present.isEmpty() && random.nextInt(100) < 45) {
                tally.remove(present.remove(random.nextInt(present.size())));
            } else {
                Usage usage = new Usage(
                        Map.of(
                                "pods",
                                Quantity.of(1),
                                "cpu",
                                Quantity.parse(AMOUNTS.get(random.nextInt(AMOUNTS.size())))
                                        .orElseThrow()),
                        SCOPES.get(random.nextInt(SCOPES.size())),
                        random.nextBoolean() ? "first" : "");
                present.add(usage);
                tally.add(usage);
            }
            for (Quota quota : QUOTAS) {
                assertThat(quota.used(tally.sums())).as("step %d", step).isEqualTo(quota.used(present));
            }
            assertThat(tally.isEmpty()).isEqualTo(present.isEmpty());
        }
    }

    @Test
    void anAmountIsWrittenAsTheFirstThatIsThere() {
        Tally tally = new Tally();
        tally.add(usage("1Gi"));
        tally.add(usage("1G"));
        tally.remove(usage("1Gi"));
        tally.remove(usage("1G"));
        tally.add(usage("0"));
        tally.add(usage("2G"));
        assertThat(tally.sums().getFirst().amounts().get("cpu")).hasToString("2G");
    }

    @Test
    void whatWasNeverThereCannotGo() {
        Tally tally = new Tally();
        assertThatThrownBy(() -> tally.remove(usage("1"))).isInstanceOf(IllegalArgumentException.class);
    }
}
