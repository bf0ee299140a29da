package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One at a time, and nobody waits for ever. */
class TurnTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private final World world = World.system();
    private Path file;

    @BeforeEach
    void choose(@TempDir Path folder) {
        file = folder.resolve("lock/turn");
    }

    @Test
    void theSecondTakerWaitsUntilTheFirstEnds() throws InterruptedException {
        Turn first = Turn.take(file, LONG, world);
        var began = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        BlockingQueue<Boolean> afterwards = new LinkedBlockingQueue<>();
        Task second = world.start("second", () -> {
            began.countDown();
            try (Turn _ = Turn.take(file, LONG, world)) {
                afterwards.add(ended.get());
            }
        });
        assertThat(began.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        ended.set(true);
        first.close();
        assertThat(afterwards.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.join(LONG)).isTrue();
        Turn.take(file, Duration.ZERO, world).close();
    }

    @Test
    void whoWaitsTooLongIsTold() {
        try (Turn _ = Turn.take(file, Duration.ZERO, world)) {
            assertThatThrownBy(() -> Turn.take(file, Duration.ofMillis(1), world))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("another `jolly up` has been starting a cluster");
        }
        Turn.take(file, Duration.ZERO, world).close();
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() throws InterruptedException {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Turn _ = Turn.take(file, Duration.ZERO, world)) {
            Task waiting = world.start("waiting", () -> {
                try (Turn _ = Turn.take(file, LONG, world)) {
                    told.add("taken");
                } catch (ClusterException e) {
                    told.add(String.valueOf(e.getMessage()));
                }
            });
            waiting.cancel();
            assertThat(told.poll(LONG.toSeconds(), TimeUnit.SECONDS)).contains("interrupted");
        }
    }

    @Test
    void aFileThatCannotBeIsNamed() throws IOException {
        Files.writeString(file.getParent(), "no folder");
        assertThatThrownBy(() -> Turn.take(file, LONG, world))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining(file + " cannot be locked");
    }
}
