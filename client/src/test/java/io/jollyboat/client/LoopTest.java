package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.world.ManualWorld;
import io.jollyboat.world.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {
    private final ManualWorld world = new ManualWorld(Instant.EPOCH, 1);
    private final List<String> handled = new ArrayList<>();
    private int failures;
    private final Loop<String> loop = new Loop<>(world, "test", key -> {
        handled.add(key);
        if (failures > 0) {
            failures--;
            throw new IllegalStateException("not now");
        }
    });

    @Test
    void aKeyWaitsOnlyOnceAndKeysComeInOrder() throws InterruptedException {
        loop.add("a");
        loop.add("b");
        loop.add("a");
        drain();
        assertThat(handled).containsExactly("a", "b");
        loop.add("a");
        drain();
        assertThat(handled).containsExactly("a", "b", "a");
    }

    @Test
    void aKeyAddedWhileItIsHandledIsHandledAgain() throws InterruptedException {
        List<Integer> turns = new ArrayList<>();
        List<Loop<String>> self = new ArrayList<>();
        self.add(new Loop<>(world, "self", key -> {
            turns.add(turns.size());
            if (turns.size() == 1) {
                self.getFirst().add(key);
            }
        }));
        self.getFirst().add("a");
        assertThat(self.getFirst().poll()).isTrue();
        assertThat(self.getFirst().poll()).isTrue();
        assertThat(self.getFirst().poll()).isFalse();
        assertThat(turns).hasSize(2);
    }

    @Test
    void theEarliestDelayCounts() throws InterruptedException {
        loop.addAfter("a", Duration.ofSeconds(5));
        loop.addAfter("a", Duration.ofSeconds(2));
        loop.addAfter("a", Duration.ofSeconds(9));
        loop.addAfter("b", Duration.ofSeconds(3));
        assertThat(loop.poll()).isFalse();
        assertThat(loop.untilNext()).contains(Duration.ofSeconds(2));
        world.advance(Duration.ofSeconds(2));
        drain();
        assertThat(handled).containsExactly("a");
        world.advance(Duration.ofSeconds(20));
        drain();
        assertThat(handled).containsExactly("a", "b");
        assertThat(loop.untilNext()).isEmpty();
    }

    @Test
    void failuresBackOffTwiceAsLongEachTimeUpToTheLimitAndSuccessForgets() throws InterruptedException {
        failures = 20;
        loop.add("a");
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            drain();
            Duration delay = loop.untilNext().orElseThrow();
            delays.add(delay);
            world.advance(delay);
        }
        assertThat(delays.subList(0, 4))
                .containsExactly(
                        Loop.FIRST_DELAY,
                        Loop.FIRST_DELAY.multipliedBy(2),
                        Loop.FIRST_DELAY.multipliedBy(4),
                        Loop.FIRST_DELAY.multipliedBy(8));
        assertThat(delays.getLast()).isEqualTo(Loop.LONGEST_DELAY);
        drain();
        assertThat(loop.untilNext()).isEmpty();
        failures = 1;
        loop.add("a");
        drain();
        assertThat(loop.untilNext()).contains(Loop.FIRST_DELAY);
    }

    @Test
    void theTaskWaitsForKeysAndForDelaysOfItsWorld() throws InterruptedException {
        var seen = new LinkedBlockingQueue<String>();
        Loop<String> running = new Loop<>(world, "running", seen::add);
        Task task = world.start("running", running::run);
        running.addAfter("late", Duration.ofSeconds(30));
        running.addAfter("soon", Duration.ofSeconds(10));
        running.add("now");
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("now");
        assertThat(afterSomeTime(seen)).isEqualTo("soon");
        assertThat(afterSomeTime(seen)).isEqualTo("late");
        running.close();
        assertThat(task.join(Duration.ofSeconds(60))).isTrue();
    }

    private String afterSomeTime(BlockingQueue<String> seen) throws InterruptedException {
        for (int i = 0; i < 10_000; i++) {
            world.advance(Duration.ofMillis(100));
            String key = seen.poll(1, TimeUnit.MILLISECONDS);
            if (key != null) {
                return key;
            }
        }
        throw new AssertionError("nothing came");
    }

    private void drain() throws InterruptedException {
        while (loop.poll()) {
            assertThat(handled.size()).isLessThan(1000);
        }
    }
}
