package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.store.Changes.Change;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HistoryTest {
    @Test
    void keepsAtMostTheBytesItMayAndAlwaysOneChange() {
        History history = new History(new History.Limits(100, 10_000), Version.first(7, Tree.EMPTY));
        for (int revision = 8; revision <= 50; revision++) {
            history.add(version(revision, 1_500));
            assertThat(history.latest().revision()).isEqualTo(revision);
            assertThat(revision - history.compacted()).isEqualTo(Math.min(revision - 7, 4));
        }
        history.add(version(51, 50_000));
        assertThat(history.compacted()).isEqualTo(50);
        assertThat(history.find(50)).isPresent();
        assertThat(history.find(49)).isEmpty();
        assertThat(history.find(52)).isEmpty();
    }

    @Test
    void growsWithoutLosingAnything() {
        History history = new History(new History.Limits(1_000, Long.MAX_VALUE), Version.first(0, Tree.EMPTY));
        for (int revision = 1; revision <= 5_000; revision++) {
            history.add(version(revision, 1));
            long oldest = Math.max(0, revision - 1_000);
            assertThat(history.compacted()).isEqualTo(oldest);
            assertThat(history.find(oldest).map(Version::revision)).contains(oldest);
            assertThat(history.find((oldest + revision) / 2).map(Version::revision))
                    .contains((oldest + revision) / 2);
        }
    }

    @Test
    void aBiggerHeapRemembersMore() {
        assertThat(History.Limits.of(64L << 20)).isEqualTo(new History.Limits(32_768, 16L << 20));
        assertThat(History.Limits.of(6L << 30)).isEqualTo(new History.Limits(786_432, 384L << 20));
    }

    /** However many watch, a change is read once to find out what it is about. */
    @Test
    void topicsAreAskedOnce() {
        int[] asked = {0};
        Topics topics = change -> {
            asked[0]++;
            return Set.of(change.key());
        };
        Version version = version(1, 1);
        assertThat(version.topics(topics)).containsExactly("k");
        assertThat(version.topics(topics)).containsExactly("k");
        assertThat(asked[0]).isOne();
        assertThat(version.topics(change -> Set.of("other"))).containsExactly("other");
    }

    private static Version version(long revision, int bytes) {
        return new Version(
                revision, Tree.EMPTY, new Change("k", revision, Optional.of(new byte[bytes]), Optional.empty()));
    }
}
