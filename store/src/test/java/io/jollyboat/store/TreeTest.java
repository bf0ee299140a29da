package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.store.Store.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithASortedMapAfterEveryStep(long seed) {
        Random random = new Random(seed);
        TreeMap<String, Entry> expected = new TreeMap<>();
        Tree tree = Tree.EMPTY;
        for (int step = 0; step < 2_000; step++) {
            String key = "k" + random.nextInt(300);
            if (random.nextInt(5) < (step / 500) % 2 * 2 + 1) {
                tree = tree.without(key);
                expected.remove(key);
            } else {
                Entry entry = new Entry(key, new byte[0], step);
                tree = tree.with(entry);
                expected.put(key, entry);
            }
            assertThat(tree.sound()).isTrue();
            assertThat(tree.size()).isEqualTo(expected.size());
            assertThat(tree.get(key)).isEqualTo(Optional.ofNullable(expected.get(key)));
            assertThat(tree.countBefore(key)).isEqualTo(expected.headMap(key).size());
        }
        List<Entry> all = List.copyOf(expected.values());
        assertThat(tree.slice(0, Integer.MAX_VALUE)).isEqualTo(all);
        assertThat(tree.slice(7, 5)).isEqualTo(all.subList(7, 12));
        assertThat(tree.slice(all.size(), 5)).isEmpty();
        assertThat(Tree.of(all).sound()).isTrue();
        assertThat(Tree.of(all).slice(0, all.size())).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 1_000, 50_000})
    void staysBalancedWhenKeysComeInOrder(int count) {
        Tree tree = Tree.EMPTY;
        for (int i = 0; i < count; i++) {
            tree = tree.with(new Entry("%06d".formatted(i), new byte[0], i));
        }
        assertThat(tree.sound()).isTrue();
        assertThat(tree.size()).isEqualTo(count);
    }
}
