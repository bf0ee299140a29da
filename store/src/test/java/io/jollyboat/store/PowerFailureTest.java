package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.store.Changes.Change;
import io.jollyboat.store.Store.Entry;
import io.jollyboat.store.Store.Outcome;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power fails at a random step of the disk, again and again, amid concurrent writes, compactions and starts. What
 * was acknowledged, or seen by a watcher, must be there afterwards, whole, in the same order.
 */
class PowerFailureTest {
    private static final int LIVES = 12;
    private static final int WRITERS = 4;
    private static final int WRITES_EACH = 60;
    private static final History.Limits LIMITS = new History.Limits(100_000, Long.MAX_VALUE);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** All that anybody was told, by revision. */
    private final Map<Long, String> told = new ConcurrentHashMap<>();

    private long seen; // by the watcher, which goes on from there in the next life

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasAcknowledgedStays(long seed) throws InterruptedException {
        Random random = new Random(seed);
        FaultDisk disk = new FaultDisk(seed);
        for (int life = 0; life < LIVES; life++) {
            disk.dieAfter(random.nextInt(life % 3 == 0 ? 20 : 400));
            try (LogStore store = LogStore.open(disk, World.system(), LIMITS, 20_000)) {
                check(store);
                live(store, random);
            } catch (StoreException e) {
                assertThat(disk.dead()).as("seed %d: %s", seed, e).isTrue();
            }
            disk = disk.crash();
        }
        try (LogStore store = LogStore.open(disk, World.system(), LIMITS, 20_000)) {
            check(store);
            assertThat(store.revision()).as("seed %d wrote something", seed).isPositive();
        }
    }

    private void live(LogStore store, Random random) throws InterruptedException {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            long own = random.nextLong();
            tasks.add(World.system().start("writer", () -> write(store, new Random(own))));
        }
        try (Changes changes = store.watch("", seen)) {
            for (Task task : tasks) {
                assertThat(task.join(LIMIT)).isTrue();
                changes.next(Duration.ZERO).forEach(this::saw);
            }
        }
    }

    private void write(LogStore store, Random random) {
        try {
            for (int i = 0; i < WRITES_EACH; i++) {
                String key = "k" + random.nextInt(30);
                long expected = store.get(key).map(Entry::revision).orElse(0L);
                Optional<byte[]> value = random.nextInt(5) == 0 ? Optional.empty() : Optional.of(bytes(random));
                if (store.write(key, expected, value) instanceof Outcome.Written(long revision)) {
                    told.put(revision, show(key, value));
                }
            }
        } catch (StoreException _) {
            // the power is gone
        }
    }

    private void saw(Change change) {
        assertThat(change.revision()).isEqualTo(seen + 1);
        seen = change.revision();
        told.merge(seen, show(change.key(), change.bytes()), (before, now) -> {
            assertThat(now).isEqualTo(before);
            return now;
        });
    }

    /** The whole history, from the first write of the first life, holds what was told and makes the present entries. */
    private void check(LogStore store) throws InterruptedException {
        assertThat(store.compacted()).isZero();
        assertThat(store.revision()).isGreaterThanOrEqualTo(seen);
        Map<Long, String> held = new HashMap<>();
        Map<String, String> entries = new HashMap<>();
        try (Changes changes = store.watch("", 0)) {
            while (changes.seen() < store.revision()) {
                List<Change> next = changes.next(Duration.ZERO);
                assertThat(next).as("after revision %d", changes.seen()).isNotEmpty();
                for (Change change : next) {
                    assertThat(change.revision()).isEqualTo(held.size() + 1);
                    held.put(change.revision(), show(change.key(), change.bytes()));
                    entries.remove(change.key());
                    change.bytes().ifPresent(bytes -> entries.put(change.key(), show(change.key(), change.bytes())));
                }
            }
        }
        assertThat(held).containsAllEntriesOf(told);
        told.putAll(held); // it is told now, and must stay
        assertThat(store.range("", "", 0, 0).entries())
                .extracting(entry -> show(entry.key(), Optional.of(entry.bytes())))
                .containsExactlyInAnyOrderElementsOf(entries.values());
        assertThat(store.engine.latest().entries().sound()).isTrue();
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(10) == 0 ? 3_000 : 40];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String show(String key, Optional<byte[]> value) {
        return key + "="
                + value.map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                        .orElse("deleted");
    }
}
