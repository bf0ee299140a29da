package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.store.Changes.Change;
import io.jollyboat.store.Store.Entry;
import io.jollyboat.store.Store.Outcome;
import io.jollyboat.store.Store.Range;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writers, readers and watchers at work on one store at once; afterwards all must have seen one and the same history.
 * The threads interleave as they like; what each does comes from the seed.
 */
final class Crowd {
    private static final int WRITERS = 6;
    private static final int WRITES_EACH = 150;
    private static final List<String> PREFIXES = List.of("", "p/", "p/1", "q/");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Store store;
    private final long seed;
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> written = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Range> ranges = new ConcurrentLinkedQueue<>();
    private volatile boolean done;

    Crowd(Store store, long seed) {
        this.store = store;
        this.seed = seed;
    }

    void run() throws InterruptedException {
        System.out.println("seed " + seed);
        List<Task> writers = new ArrayList<>();
        List<Task> others = new ArrayList<>();
        List<List<Change>> watched = new ArrayList<>();
        for (String prefix : PREFIXES) {
            List<Change> seen = new ArrayList<>();
            watched.add(seen);
            others.add(start("watcher", () -> watch(prefix, seen)));
        }
        others.add(start("reader", () -> read(new Random(seed))));
        for (int i = 0; i < WRITERS; i++) {
            long own = seed * 31 + i;
            writers.add(start("writer " + i, () -> write(new Random(own))));
        }
        for (Task writer : writers) {
            assertThat(writer.join(LIMIT)).isTrue();
        }
        done = true;
        for (Task other : others) {
            assertThat(other.join(LIMIT)).isTrue();
        }
        assertThat(failures).isEmpty();
        check(watched);
    }

    private Task start(String name, Work work) {
        return World.system().start(name, () -> {
            try {
                work.run();
            } catch (Throwable t) {
                failures.add(t);
            }
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private void write(Random random) {
        for (int i = 0; i < WRITES_EACH; i++) {
            String key = (random.nextBoolean() ? "p/" : "q/") + random.nextInt(20);
            long expected = store.get(key).map(Entry::revision).orElse(0L);
            Optional<byte[]> value = random.nextInt(4) == 0
                    ? Optional.empty()
                    : Optional.of(("v" + random.nextInt()).getBytes(StandardCharsets.UTF_8));
            if (store.write(key, expected, value) instanceof Outcome.Written(long revision)) {
                written.add(revision);
            }
        }
    }

    private void read(Random random) {
        while (!done) {
            if (ranges.size() < 200) {
                ranges.add(store.range("", "", 0, 0));
                ranges.add(store.range("", "", 0, random.nextLong(store.revision() + 1)));
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private void watch(String prefix, List<Change> seen) throws InterruptedException {
        try (Changes changes = store.watch(prefix, 0)) {
            while (!done || changes.seen() < store.revision()) {
                seen.addAll(changes.next(Duration.ofMillis(50)));
                assertThat(changes.ended()).isFalse();
            }
        }
    }

    private void check(List<List<Change>> watched) {
        long revision = store.revision();
        assertThat(written).doesNotHaveDuplicates().hasSize((int) revision);
        List<Change> all = watched.getFirst();
        assertThat(all).hasSize((int) revision);
        Map<Long, String> states = new TreeMap<>();
        TreeMap<String, Entry> state = new TreeMap<>();
        states.put(0L, "");
        for (int i = 0; i < all.size(); i++) {
            Change change = all.get(i);
            assertThat(change.revision()).isEqualTo(i + 1);
            Optional<Entry> before = change.bytes().isPresent()
                    ? Optional.ofNullable(state.put(
                            change.key(), new Entry(change.key(), change.bytes().get(), change.revision())))
                    : Optional.ofNullable(state.remove(change.key()));
            assertThat(StoreContract.show(change.previous())).isEqualTo(StoreContract.show(before));
            states.put(change.revision(), StoreContract.show(new Range(List.copyOf(state.values()), 0, 0)));
        }
        for (Range range : ranges) {
            assertThat(StoreContract.show(range)).isEqualTo(states.get(range.revision()));
        }
        for (int i = 0; i < PREFIXES.size(); i++) {
            String prefix = PREFIXES.get(i);
            assertThat(StoreContract.showChanges(watched.get(i)))
                    .isEqualTo(StoreContract.showChanges(
                            all.stream().filter(c -> c.key().startsWith(prefix)).toList()));
        }
    }
}
