package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionPaceTest {
    private static final EvictionPace.Zone WELL = new EvictionPace.Zone(10, 3);

    private final EvictionPace pace = new EvictionPace();

    @ParameterizedTest
    @CsvSource({
        "10, 0, 10",
        "10, 3, 10",
        "0, 2, 10",
        "0, 60, 10",
        "1, 2, 10",
        "1, 3, 0",
        "22, 27, 0",
        "23, 28, 10",
        "23, 29, 100",
        "400, 600, 100",
        "500, 500, 10"
    })
    void theIntervalFollowsTheZone(int ready, int notReady, int seconds) {
        assertThat(new EvictionPace.Zone(ready, notReady).interval())
                .isEqualTo(seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void whoAskedFirstIsFirstAndTheOthersFollowAtTheInterval() {
        assertThat(ask("a", 0)).contains(Duration.ZERO);
        assertThat(ask("b", 1)).contains(Duration.ofSeconds(9));
        assertThat(ask("c", 2)).isEmpty();
        assertThat(ask("c", 11)).isEmpty();
        assertThat(ask("b", 11)).contains(Duration.ZERO);
        assertThat(pace.next("z")).contains("c");
        assertThat(ask("c", 11)).contains(Duration.ofSeconds(10));
        assertThat(ask("c", 21)).contains(Duration.ZERO);
        assertThat(pace.next("z")).isEmpty();
    }

    @Test
    void whoLeavesMakesRoomForTheNext() {
        assertThat(ask("a", 0)).contains(Duration.ZERO);
        ask("b", 1);
        ask("c", 1);
        assertThat(pace.leave("b")).contains("c");
        assertThat(pace.leave("b")).isEmpty();
        assertThat(ask("c", 10)).contains(Duration.ZERO);
    }

    @Test
    void zonesDoNotWaitForEachOther() {
        assertThat(ask("a", 0)).contains(Duration.ZERO);
        assertThat(pace.turn("b", "other", WELL, 0)).contains(Duration.ZERO);
    }

    @Test
    void aNodeThatMovedWaitsInItsNewZone() {
        ask("a", 0);
        ask("b", 1);
        assertThat(pace.turn("b", "other", WELL, Duration.ofSeconds(2).toNanos()))
                .contains(Duration.ZERO);
        assertThat(pace.next("z")).isEmpty();
    }

    @Test
    void whereNobodyIsToBeEmptiedTheFirstAsksAgain() {
        assertThat(pace.turn("a", "z", new EvictionPace.Zone(1, 9), 0)).contains(EvictionPace.NORMAL);
        assertThat(ask("a", 10)).contains(Duration.ZERO);
    }

    private Optional<Duration> ask(String node, int second) {
        return pace.turn(node, "z", WELL, Duration.ofSeconds(second).toNanos());
    }
}
