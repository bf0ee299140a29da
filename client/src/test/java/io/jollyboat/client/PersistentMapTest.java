package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {
    /** A key with few hashes, so that keys often share one. */
    private record Clash(int value, int hashes) {
        @Override
        public int hashCode() {
            return (value % hashes) * 0x9e3779b9;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40, 100_000})
    void agreesWithAHashMapAfterEveryChange(int hashes) {
        Random random = new Random(hashes);
        Map<Clash, Integer> expected = new HashMap<>();
        PersistentMap<Clash, Integer> map = PersistentMap.empty();
        for (int step = 0; step < 3000; step++) {
            Clash key = new Clash(random.nextInt(200), hashes);
            if (random.nextInt(5) < 2) {
                expected.remove(key);
                map = map.remove(key);
            } else {
                expected.put(key, step);
                map = map.put(key, step);
            }
            assertThat(map.size()).isEqualTo(expected.size());
            assertThat(map.get(key)).isEqualTo(java.util.Optional.ofNullable(expected.get(key)));
            if (step % 50 == 0) {
                assertThat(map.values()).containsExactlyInAnyOrderElementsOf(expected.values());
            }
        }
        Map<Clash, Integer> seen = new HashMap<>();
        map.forEach(seen::put);
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void anOldMapStaysAsItWas() {
        PersistentMap<String, Integer> one =
                PersistentMap.<String, Integer>empty().put("a", 1);
        PersistentMap<String, Integer> two = one.put("a", 2).put("b", 3);
        PersistentMap<String, Integer> three = two.remove("a");
        assertThat(one.get("a")).contains(1);
        assertThat(one.get("b")).isEmpty();
        assertThat(two.get("a")).contains(2);
        assertThat(three.get("a")).isEmpty();
        assertThat(three.values()).containsExactly(3);
        assertThat(three.remove("b").values()).isEmpty();
    }
}
