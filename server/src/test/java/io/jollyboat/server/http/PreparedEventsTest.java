package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.server.http.PreparedEvents.Key;
import io.jollyboat.server.http.PreparedEvents.Shape;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One encoding for all who watch in the same form, and no more memory than was promised. */
class PreparedEventsTest {
    private static final Shape JSON = new Shape("v1", Accept.Form.PLAIN, false, "");
    private static final Shape PROTOBUF = new Shape("v1", Accept.Form.PLAIN, true, "");

    private final PreparedEvents events = new PreparedEvents();

    @Test
    void manyWatchersShareTheBytesOfOneEncoding() throws InterruptedException {
        AtomicInteger encoded = new AtomicInteger();
        Set<byte[]> given = ConcurrentHashMap.newKeySet(); // arrays are told apart by identity
        CountDownLatch go = new CountDownLatch(1);
        List<Task> watchers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            watchers.add(World.system().start("watcher", () -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                given.add(events.get(new Key(7, "MODIFIED", JSON), () -> {
                    encoded.incrementAndGet();
                    return new byte[100];
                }));
            }));
        }
        go.countDown();
        for (Task watcher : watchers) {
            assertThat(watcher.join(Duration.ofMinutes(1))).isTrue();
        }
        assertThat(encoded).hasValue(1);
        assertThat(given).hasSize(1);
        assertThat(events.bytes()).isEqualTo(100);
    }

    @Test
    void whatIsSeenInAnotherWayIsAnotherEvent() {
        byte[] json = events.get(new Key(7, "ADDED", JSON), () -> new byte[] {1});
        assertThat(events.get(new Key(7, "ADDED", PROTOBUF), () -> new byte[] {2}))
                .containsExactly(2);
        assertThat(events.get(new Key(7, "MODIFIED", JSON), () -> new byte[] {3}))
                .containsExactly(3);
        assertThat(events.get(new Key(8, "ADDED", JSON), () -> new byte[] {4})).containsExactly(4);
        assertThat(events.get(new Key(7, "ADDED", JSON), () -> new byte[] {5})).isSameAs(json);
    }

    @Test
    void whatWasNotAskedForLatelyIsForgotten() {
        int size = 1 << 20;
        byte[] wanted = events.get(new Key(1, "ADDED", JSON), () -> new byte[size]);
        for (long revision = 2; revision < 100; revision++) {
            events.get(new Key(revision, "ADDED", JSON), () -> new byte[size]);
            assertThat(events.bytes()).isLessThanOrEqualTo(PreparedEvents.MOST_BYTES);
            assertThat(events.get(new Key(1, "ADDED", JSON), () -> new byte[size]))
                    .isSameAs(wanted);
        }
        byte[] again = events.get(new Key(2, "ADDED", JSON), () -> new byte[] {1});
        assertThat(again).containsExactly(1);
    }

    @Test
    void anEventThatIsLargerThanAllIsGivenAndNotKept() {
        byte[] large = events.get(new Key(1, "ADDED", JSON), () -> new byte[(int) PreparedEvents.MOST_BYTES + 1]);
        assertThat(large).hasSize((int) PreparedEvents.MOST_BYTES + 1);
        assertThat(events.bytes()).isZero();
        assertThat(events.get(new Key(2, "ADDED", JSON), () -> new byte[] {1})).containsExactly(1);
    }

    @Test
    void anEventThatCannotBeEncodedCanBeTriedAgain() {
        Key key = new Key(1, "ADDED", JSON);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> events.get(key, () -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(events.get(key, () -> new byte[] {1})).containsExactly(1);
        assertThat(events.bytes()).isOne();
    }
}
