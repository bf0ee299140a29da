package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Resources;
import io.jollyboat.world.ManualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorTest {
    private record Thing(String namespace, String name, String value) {}

    private static final Index<Thing> BY_VALUE = new Index<>("value", thing -> List.of(thing.value));
    private static final Index<Thing> BY_NAMESPACE = new Index<>("namespace", thing -> List.of(thing.namespace));

    private final FakeApi api = new FakeApi();
    private final ManualWorld world = new ManualWorld(Instant.EPOCH, 1);
    private final Mirror<Thing> mirror = new Mirror<>(
            api,
            world,
            Mirror.Source.all(Resources.kind("v1", "ConfigMap")),
            object -> {
                Key key = Key.of(object);
                return new Thing(
                        key.namespace(), key.name(), object.path("value").stringValue(""));
            },
            List.of(BY_VALUE, BY_NAMESPACE));
    private final List<Change<Thing>> changes = new ArrayList<>();

    MirrorTest() {
        mirror.onChange(changes::add);
    }

    @Test
    void listsInPagesThenFollows() throws InterruptedException {
        for (int i = 0; i < 1200; i++) {
            api.put("n" + i % 3, "a" + i, "v" + i % 2);
        }
        assertThat(mirror.synced()).isFalse();
        drain();
        assertThat(mirror.synced()).isTrue();
        assertThat(api.lists).isEqualTo(3);
        assertThat(mirror.snapshot().size()).isEqualTo(1200);
        assertThat(mirror.snapshot().in(BY_VALUE, "v1")).hasSize(600);
        assertThat(mirror.snapshot().in(BY_NAMESPACE, "n2")).hasSize(400);
        assertThat(mirror.snapshot().revision()).isEqualTo(api.revision());

        api.put("n0", "a0", "changed");
        api.remove("n1", "a1");
        Snapshot<Thing> before = mirror.snapshot();
        changes.clear();
        drain();
        Thing old = new Thing("n0", "a0", "v0");
        Thing changed = new Thing("n0", "a0", "changed");
        assertThat(changes)
                .containsExactly(
                        new Change.Modified<>(new Key("n0", "a0"), old, changed),
                        new Change.Removed<>(new Key("n1", "a1"), new Thing("n1", "a1", "v1")));
        assertThat(before.get(new Key("n1", "a1"))).isPresent();
        assertThat(mirror.snapshot().get(new Key("n1", "a1"))).isEmpty();
        assertThat(mirror.snapshot().in(BY_VALUE, "changed")).containsExactly(changed);
        assertThat(mirror.snapshot().in(BY_VALUE, "v1")).hasSize(599);
        assertThat(api.lists).isEqualTo(3);
    }

    @Test
    void anUpdateThatTheProjectionDoesNotShowIsNoChange() throws InterruptedException {
        api.put("n", "a", "v");
        drain();
        changes.clear();
        api.put("n", "a", "v");
        drain();
        assertThat(changes).isEmpty();
        assertThat(mirror.snapshot().revision()).isEqualTo(api.revision());
    }

    @Test
    void resumesAnEndedWatchWithoutListing() throws InterruptedException {
        api.put("n", "a", "v");
        drain();
        world.advance(Duration.ofMinutes(1));
        api.endWatches();
        api.put("n", "b", "v");
        drain();
        assertThat(mirror.snapshot().size()).isEqualTo(2);
        assertThat(api.lists).isEqualTo(1);
    }

    @Test
    void aServerThatEndsEveryWatchAtOnceDoesNotKeepItBusy() throws InterruptedException {
        drain();
        for (int i = 0; i < 100; i++) {
            api.endWatches();
            mirror.poll(Duration.ZERO);
        }
        assertThat(api.watches).isLessThanOrEqualTo(2);
    }

    @Test
    void listsAgainWhenItsRevisionIsForgottenAndTellsTheDifference() throws InterruptedException {
        api.put("n", "same", "v");
        api.put("n", "gone", "v");
        drain();
        changes.clear();
        world.advance(Duration.ofMinutes(1));
        api.remove("n", "gone");
        api.put("n", "new", "v");
        api.compact();
        drain();
        assertThat(api.lists).isEqualTo(2);
        assertThat(changes)
                .containsExactlyInAnyOrder(
                        new Change.Added<>(new Key("n", "new"), new Thing("n", "new", "v")),
                        new Change.Removed<>(new Key("n", "gone"), new Thing("n", "gone", "v")));
    }

    @Test
    void waitsLongerAfterEachFailureAndKeepsItsSnapshot() throws InterruptedException {
        api.put("n", "a", "v");
        drain();
        world.advance(Duration.ofMinutes(1));
        api.endWatches();
        api.fail(4);
        drain();
        assertThat(mirror.poll(Duration.ZERO)).isFalse();
        assertThat(mirror.snapshot().size()).isEqualTo(1);
        int tried = api.watches + api.lists;
        assertThat(mirror.poll(Duration.ZERO)).isFalse();
        assertThat(api.watches + api.lists).as("no call while it waits").isEqualTo(tried);
        api.put("n", "b", "v");
        for (int i = 0; i < 8; i++) {
            world.advance(Duration.ofSeconds(10));
            drain();
        }
        assertThat(mirror.snapshot().size()).isEqualTo(2);
    }

    @Test
    void aListenerThatComesLaterIsToldWhatIsThere() throws InterruptedException {
        api.put("n", "a", "v");
        drain();
        List<Change<Thing>> later = new ArrayList<>();
        mirror.onChange(later::add);
        assertThat(later).containsExactly(new Change.Added<>(new Key("n", "a"), new Thing("n", "a", "v")));
    }

    @Test
    void closingEndsTheWatch() throws InterruptedException {
        drain();
        assertThat(api.watched()).isTrue();
        mirror.close();
        assertThat(api.watched()).isFalse();
        mirror.run();
        assertThat(api.watched()).isFalse();
    }

    @Test
    void anIndexThatTheMirrorLacksIsAnError() {
        assertThatThrownBy(() -> mirror.snapshot().in(new Index<>("other", thing -> List.of()), "x"))
                .hasMessageContaining("other");
    }

    /** Whatever happens to watches, in the end the snapshot, its indexes and the told changes agree with the truth. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithTheTruthAfterAnyTrouble(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Map<Key, Thing> truth = new HashMap<>();
        for (int step = 0; step < 2000; step++) {
            Key key = new Key("n" + random.nextInt(3), "a" + random.nextInt(40));
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    Thing thing = new Thing(key.namespace(), key.name(), "v" + random.nextInt(4));
                    api.put(key.namespace(), key.name(), thing.value);
                    truth.put(key, thing);
                }
                case 4, 5 -> {
                    if (truth.remove(key) != null) {
                        api.remove(key.namespace(), key.name());
                    }
                }
                case 6 -> api.endWatches();
                case 7 -> {
                    if (random.nextInt(10) == 0) {
                        api.compact();
                    }
                }
                case 8 -> api.fail(random.nextInt(2));
                default -> {
                    world.advance(Duration.ofMillis(random.nextInt(500)));
                    mirror.poll(Duration.ZERO);
                }
            }
        }
        api.fail(0);
        for (int i = 0; i < 5; i++) {
            world.advance(Duration.ofSeconds(10));
            drain();
        }
        Map<Key, Thing> shown = new HashMap<>();
        mirror.snapshot().forEach(shown::put);
        assertThat(shown).isEqualTo(truth);
        Map<Key, Thing> told = new HashMap<>();
        for (Change<Thing> change : changes) {
            switch (change) {
                case Change.Added<Thing>(Key key, Thing after) ->
                    assertThat(told.put(key, after)).isNull();
                case Change.Modified<Thing>(Key key, Thing before, Thing after) ->
                    assertThat(told.put(key, after)).isEqualTo(before);
                case Change.Removed<Thing>(Key key, Thing before) ->
                    assertThat(told.remove(key)).isEqualTo(before);
            }
        }
        assertThat(told).isEqualTo(truth);
        for (int value = 0; value < 4; value++) {
            String text = "v" + value;
            assertThat(mirror.snapshot().in(BY_VALUE, text))
                    .containsExactlyInAnyOrderElementsOf(truth.values().stream()
                            .filter(thing -> thing.value.equals(text))
                            .toList());
        }
    }

    private void drain() throws InterruptedException {
        int quiet = 0;
        for (int i = 0; quiet < 3; i++) {
            quiet = mirror.poll(Duration.ZERO) ? 0 : quiet + 1;
            assertThat(i).isLessThan(10_000);
        }
    }
}
