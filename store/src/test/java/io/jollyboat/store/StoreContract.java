package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. */
abstract class StoreContract {
    private static final Duration SOON = Duration.ofSeconds(20);

    Store store;

    /** A new, empty store that keeps a history of as many changes. */
    abstract Store open(int changes);

    @BeforeEach
    void open() {
        store = open(1_000);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anEmptyStoreHasRevisionZero() {
        assertThat(store.revision()).isZero();
        assertThat(store.compacted()).isZero();
        assertThat(store.get("a")).isEmpty();
        assertThat(store.range("", "", 0, 0)).isEqualTo(new Range(List.of(), 0, 0));
    }

    @Test
    void aWriteIsReadBackWithTheRevisionThatWroteIt() {
        assertThat(put("a", 0, "one")).isEqualTo(1);
        assertThat(put("b", 0, "two")).isEqualTo(2);
        assertThat(put("a", 1, "three")).isEqualTo(3);
        assertThat(show(store.get("a"))).isEqualTo("a=three@3");
        assertThat(show(store.get("b"))).isEqualTo("b=two@2");
        assertThat(store.revision()).isEqualTo(3);
    }

    @Test
    void aWriteOnAnotherRevisionIsRefusedWithWhatIsThere() {
        put("a", 0, "one");
        assertThat(refused("a", 0, "two")).isEqualTo("a=one@1");
        assertThat(refused("a", 7, "two")).isEqualTo("a=one@1");
        assertThat(refused("b", 1, "two")).isEqualTo("none");
        assertThat(store.revision()).isEqualTo(1);
    }

    @Test
    void aDeletionCountsAsAWriteAndTheKeyIsFreeAgain() {
        put("a", 0, "one");
        assertThat(store.write("a", 1, Optional.empty())).isEqualTo(new Outcome.Written(2));
        assertThat(store.get("a")).isEmpty();
        assertThat(store.revision()).isEqualTo(2);
        assertThat(put("a", 0, "again")).isEqualTo(3);
    }

    @Test
    void deletingWhatIsNotThereIsRefused() {
        assertThat(store.write("a", 0, Optional.empty())).isEqualTo(new Outcome.Refused(Optional.empty()));
        assertThat(store.revision()).isZero();
    }

    @Test
    void emptyValuesAreValues() {
        put("a", 0, "");
        assertThat(show(store.get("a"))).isEqualTo("a=@1");
    }

    @Test
    void aRangeShowsThePrefixInKeyOrderFromTheStart() {
        for (String key : List.of("p/b", "p/a", "p/c", "o/z", "p", "q", "p0", "p/")) {
            put(key, 0, "v");
        }
        assertThat(keys(store.range("p/", "", 0, 0))).isEqualTo("p/ p/a p/b p/c");
        assertThat(keys(store.range("p/", "p/b", 0, 0))).isEqualTo("p/b p/c");
        assertThat(keys(store.range("p/", "p/aa", 0, 0))).isEqualTo("p/b p/c");
        assertThat(keys(store.range("p/", "z", 0, 0))).isEmpty();
        assertThat(keys(store.range("", "p/c", 0, 0))).isEqualTo("p/c p0 q");
        assertThat(keys(store.range("x", "", 0, 0))).isEmpty();
    }

    @Test
    void aLimitedRangeSaysHowManyFollow() {
        for (String key : List.of("a/1", "a/2", "a/3", "a/4", "b/1")) {
            put(key, 0, "v");
        }
        Range page = store.range("a/", "", 3, 0);
        assertThat(keys(page)).isEqualTo("a/1 a/2 a/3");
        assertThat(page.more()).isEqualTo(1);
        assertThat(page.revision()).isEqualTo(5);
        assertThat(store.range("a/", "a/3", 3, 0).more()).isZero();
    }

    @Test
    void aRangeAtAnOldRevisionShowsThatState() {
        put("a", 0, "one");
        put("b", 0, "two");
        put("a", 1, "three");
        store.write("b", 2, Optional.empty());
        assertThat(show(store.range("", "", 0, 1))).isEqualTo("a=one@1");
        assertThat(show(store.range("", "", 0, 2))).isEqualTo("a=one@1 b=two@2");
        assertThat(show(store.range("", "", 0, 3))).isEqualTo("a=three@3 b=two@2");
        assertThat(show(store.range("", "", 0, 4))).isEqualTo("a=three@3");
        assertThat(store.range("", "", 0, 2).revision()).isEqualTo(2);
        assertThatThrownBy(() -> store.range("", "", 0, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void compactionForgetsThePastAndKeepsTheEntries() {
        put("a", 0, "one");
        put("b", 0, "two");
        put("a", 1, "three");
        store.compact(2);
        assertThat(store.compacted()).isEqualTo(2);
        assertThat(show(store.range("", "", 0, 2))).isEqualTo("a=one@1 b=two@2");
        assertThat(show(store.range("", "", 0, 0))).isEqualTo("a=three@3 b=two@2");
        assertThatThrownBy(() -> store.range("", "", 0, 1)).isInstanceOf(CompactedException.class);
        assertThatThrownBy(() -> store.watch("", 1))
                .isInstanceOfSatisfying(
                        CompactedException.class, e -> assertThat(e.compacted()).isEqualTo(2));
        store.compact(1);
        store.compact(99);
        assertThat(store.compacted()).isEqualTo(3);
    }

    @Test
    void theOldestHistoryIsForgottenWhenThereIsTooMuch() {
        store.close();
        store = open(10);
        for (int i = 0; i < 200; i++) {
            put("k" + i, 0, "v");
            assertThat(store.compacted()).isEqualTo(Math.max(0, i + 1 - 10));
        }
        assertThat(store.range("", "", 0, 190).entries()).hasSize(190);
        assertThatThrownBy(() -> store.range("", "", 0, 189)).isInstanceOf(CompactedException.class);
    }

    @Test
    void aWatchHandsOutEveryChangeUnderItsPrefix() throws InterruptedException {
        put("p/a", 0, "one");
        try (Changes all = store.watch("", 0);
                Changes some = store.watch("p/", 1)) {
            put("q/b", 0, "two");
            put("p/a", 1, "three");
            store.write("p/a", 3, Optional.empty());
            assertThat(showChanges(all.next(Duration.ZERO)))
                    .isEqualTo("1 p/a=one was none | 2 q/b=two was none | 3 p/a=three was p/a=one@1"
                            + " | 4 p/a deleted was p/a=three@3");
            assertThat(showChanges(some.next(Duration.ZERO)))
                    .isEqualTo("3 p/a=three was p/a=one@1 | 4 p/a deleted was p/a=three@3");
            assertThat(some.seen()).isEqualTo(4);
            assertThat(some.next(Duration.ZERO)).isEmpty();
            assertThat(some.ended()).isFalse();
        }
    }

    /** A value is its own topic. */
    private static Set<String> topics(Changes.Change change) {
        Set<String> found = new TreeSet<>();
        change.bytes().ifPresent(bytes -> found.add(new String(bytes, StandardCharsets.US_ASCII)));
        change.previous().ifPresent(entry -> found.add(new String(entry.bytes(), StandardCharsets.US_ASCII)));
        return found;
    }

    @Test
    void aWatchOfATopicHandsOutWhatComesWhatChangesAndWhatGoes() throws InterruptedException {
        Topics topics = StoreContract::topics;
        put("p/early", 0, "red");
        try (Changes red = store.watch("p/", 0, topics, "red");
                Changes blue = store.watch("p/", 0, topics, "blue");
                Changes all = store.watch("p/", 1)) {
            assertThat(showChanges(red.next(Duration.ZERO))).isEqualTo("1 p/early=red was none");
            assertThat(blue.next(Duration.ZERO)).isEmpty();
            put("q/other", 0, "red");
            put("p/a", 0, "green");
            put("p/a", 3, "red");
            put("p/a", 4, "blue");
            store.write("p/a", 5, Optional.empty());
            assertThat(showChanges(red.next(Duration.ZERO)))
                    .isEqualTo("4 p/a=red was p/a=green@3 | 5 p/a=blue was p/a=red@4");
            assertThat(showChanges(blue.next(Duration.ZERO)))
                    .isEqualTo("5 p/a=blue was p/a=red@4 | 6 p/a deleted was p/a=blue@5");
            assertThat(all.next(Duration.ZERO)).hasSize(4);
            assertThat(red.next(Duration.ZERO)).isEmpty();
            assertThat(red.seen()).isEqualTo(6);
        }
    }

    @Test
    void aWatcherOfATopicSleepsThroughAllOthersHoweverMany() throws InterruptedException {
        store.close();
        store = open(10);
        Topics topics = StoreContract::topics;
        try (Changes changes = store.watch("p/", 0, topics, "red")) {
            assertThat(changes.next(Duration.ZERO)).isEmpty();
            for (int i = 0; i < 100; i++) {
                put("p/" + i, 0, "blue");
            }
            assertThat(changes.ended()).isFalse();
            put("p/red", 0, "red");
            assertThat(showChanges(changes.next(Duration.ZERO))).isEqualTo("101 p/red=red was none");
            assertThat(changes.seen()).isEqualTo(101);
        }
    }

    @Test
    void seenGoesOnWhenNothingConcernsTheWatcher() throws InterruptedException {
        try (Changes changes = store.watch("p/", 0)) {
            assertThat(changes.next(Duration.ZERO)).isEmpty();
            put("q", 0, "v");
            put("r", 0, "v");
            assertThat(changes.next(Duration.ZERO)).isEmpty();
            assertThat(changes.seen()).isEqualTo(2);
        }
    }

    @Test
    void anIdleWatcherIsNeverTooSlow() throws InterruptedException {
        store.close();
        store = open(10);
        try (Changes changes = store.watch("p/", 0)) {
            assertThat(changes.next(Duration.ZERO)).isEmpty();
            for (int i = 0; i < 100; i++) {
                put("q" + i, 0, "v");
            }
            put("p/a", 0, "v");
            assertThat(showChanges(changes.next(Duration.ZERO))).isEqualTo("101 p/a=v was none");
        }
    }

    @Test
    void aWatcherThatFallsTooFarBehindIsCutOff() throws InterruptedException {
        store.close();
        store = open(10);
        try (Changes changes = store.watch("p/", 0)) {
            assertThat(changes.next(Duration.ZERO)).isEmpty();
            for (int i = 0; i < 10; i++) {
                put("p/" + i, 0, "v");
            }
            assertThat(changes.ended()).isFalse();
            put("p/last", 0, "v");
            assertThat(changes.ended()).isTrue();
            assertThat(changes.next(SOON)).isEmpty();
            assertThat(changes.seen()).isZero();
        }
    }

    @Test
    void aWaitingWatcherIsWokenByAChangeAndByTheEnd() throws InterruptedException {
        Changes changes = store.watch("p/", 0);
        AtomicReference<String> got = new AtomicReference<>("");
        Task reader = World.system().start("reader", () -> {
            got.set(showChanges(nextOf(changes)));
            assertThat(nextOf(changes)).isEmpty();
        });
        put("q", 0, "v");
        put("p/a", 0, "v");
        while (changes.seen() < 2) {
            Thread.onSpinWait();
        }
        store.close();
        assertThat(reader.join(SOON)).isTrue();
        assertThat(got.get()).isEqualTo("2 p/a=v was none");
        assertThat(changes.ended()).isTrue();
    }

    @Test
    void aWatchMayBeginInTheFuture() throws InterruptedException {
        try (Changes changes = store.watch("", 2)) {
            for (String key : List.of("a", "b", "c")) {
                put(key, 0, "v");
                List<Change> next = changes.next(Duration.ZERO);
                assertThat(showChanges(next)).isEqualTo(key.equals("c") ? "3 c=v was none" : "");
            }
        }
    }

    @Test
    void aLongBacklogComesInSeveralPieces() throws InterruptedException {
        store.close();
        store = open(5_000);
        for (int i = 0; i < 2_500; i++) {
            put("k" + i, 0, "v");
        }
        List<Change> all = new ArrayList<>();
        try (Changes changes = store.watch("", 0)) {
            for (int i = 0; i < 3; i++) {
                List<Change> piece = changes.next(Duration.ZERO);
                assertThat(piece).hasSizeLessThanOrEqualTo(Watchers.MAX_BATCH);
                all.addAll(piece);
            }
        }
        assertThat(all).hasSize(2_500).extracting(Change::revision).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void badKeysAndHugeValuesAreRefusedAtTheDoor() {
        for (String key : List.of("", "a b", "ä", "a\n", "x".repeat(Engine.MAX_KEY_CHARS + 1))) {
            assertThatThrownBy(() -> put(key, 0, "v")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> store.write("a", 0, Optional.of(new byte[Engine.MAX_VALUE_BYTES + 1])))
                .isInstanceOf(IllegalArgumentException.class);
        put("~".repeat(Engine.MAX_KEY_CHARS), 0, "v");
        store.write("a", 0, Optional.of(new byte[Engine.MAX_VALUE_BYTES]));
        assertThat(store.revision()).isEqualTo(2);
    }

    @Test
    void aClosedStoreTakesNoWrites() {
        store.close();
        assertThatThrownBy(() -> put("a", 0, "v"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThat(store.watch("", 0).ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void concurrentWritersAndReadersAgree(long seed) throws InterruptedException {
        store.close();
        store = open(100_000);
        new Crowd(store, seed).run();
    }

    private static List<Change> nextOf(Changes changes) {
        try {
            return changes.next(SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private long put(String key, long expected, String value) {
        Outcome outcome = store.write(key, expected, Optional.of(value.getBytes(StandardCharsets.UTF_8)));
        assertThat(outcome).isInstanceOf(Outcome.Written.class);
        return ((Outcome.Written) outcome).revision();
    }

    private String refused(String key, long expected, String value) {
        Outcome outcome = store.write(key, expected, Optional.of(value.getBytes(StandardCharsets.UTF_8)));
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return show(((Outcome.Refused) outcome).present());
    }

    static String keys(Range range) {
        return String.join(" ", range.entries().stream().map(Entry::key).toList());
    }

    static String show(Range range) {
        return String.join(
                " ", range.entries().stream().map(e -> show(Optional.of(e))).toList());
    }

    static String show(Optional<Entry> entry) {
        return entry.map(e -> e.key() + "=" + text(e.bytes()) + "@" + e.revision())
                .orElse("none");
    }

    static String showChanges(List<Change> changes) {
        return String.join(
                " | ",
                changes.stream()
                        .map(c -> c.revision() + " " + c.key()
                                + c.bytes().map(b -> "=" + text(b)).orElse(" deleted") + " was " + show(c.previous()))
                        .toList());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
