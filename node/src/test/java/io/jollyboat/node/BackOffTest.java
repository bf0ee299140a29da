package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void delaysDoubleUpToTheLongestAndAreForgottenInPeace() {
        List<Long> seconds = new ArrayList<>();
        Instant finished = START;
        Optional<BackOff> backOff = Optional.empty();
        for (int i = 0; i < 7; i++) {
            backOff = Optional.of(BackOff.next(backOff, finished));
            seconds.add(backOff.get().delay().toSeconds());
            finished = finished.plus(backOff.get().delay()).plusSeconds(1);
        }
        assertThat(seconds).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
        Instant later = finished.plus(Duration.ofMinutes(11));
        assertThat(backOff.get().left(later, later)).isZero();
        assertThat(BackOff.next(backOff, later).delay()).isEqualTo(BackOff.FIRST);
    }

    @Test
    void aClockThatJumpsHoldsNothingUp() {
        BackOff backOff = new BackOff(Duration.ofSeconds(40), START);
        assertThat(backOff.left(START, START.plusSeconds(15))).hasSeconds(25);
        assertThat(backOff.left(START, START.plus(Duration.ofDays(365)))).isZero();
        assertThat(backOff.left(START, START.minus(Duration.ofDays(365)))).isZero();
        Known.Failure failure = new Known.Failure("ErrImagePull", "no", START, Duration.ofSeconds(40));
        assertThat(failure.left(START.plusSeconds(1))).hasSeconds(39);
        assertThat(failure.left(START.minus(Duration.ofDays(365)))).isZero();
    }
}
