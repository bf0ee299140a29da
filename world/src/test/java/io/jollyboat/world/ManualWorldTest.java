package io.jollyboat.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ManualWorldTest {
    private final ManualWorld world = new ManualWorld(Instant.EPOCH, 7);

    @Test
    void sleepersWakeWhenTheClockWasMovedFarEnough() throws InterruptedException {
        Task task = world.start("sleeper", () -> {
            try {
                world.sleep(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        world.advance(Duration.ofSeconds(1));
        assertThat(task.join(Duration.ofMillis(20))).isFalse();
        while (!task.ended()) {
            world.advance(Duration.ofSeconds(1));
            task.join(Duration.ofMillis(1));
        }
        assertThat(world.now()).isAfterOrEqualTo(Instant.EPOCH.plusSeconds(2));
    }

    @Test
    void aJumpOfTheWallClockLeavesTheMonotonicOneAlone() {
        long before = world.nanoTime();
        world.jump(Duration.ofDays(-1));
        assertThat(world.nanoTime()).isEqualTo(before);
        assertThat(world.now()).isBefore(Instant.EPOCH);
    }

    @Test
    void theSameSeedGivesTheSameVersion4Uuids() {
        UUID one = world.uuid();
        assertThat(one.version()).isEqualTo(4);
        assertThat(one.variant()).isEqualTo(2);
        assertThat(new ManualWorld(Instant.EPOCH, 7).uuid()).isEqualTo(one);
    }
}
