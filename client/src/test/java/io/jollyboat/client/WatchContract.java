package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchEvent.Type;
import io.jollyboat.api.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What every {@link io.jollyboat.api.Api} does with watches. */
abstract class WatchContract extends ApiContract {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int MANY = 300;

    private static WatchEvent next(Watch watch) {
        try {
            return watch.next(BOUND).orElseThrow(() -> new AssertionError("no event came"));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String brief(WatchEvent event) {
        return event.type() + " " + event.object().at("/metadata/name").asString("");
    }

    private String now() {
        return api.list(MAP, "default", ListOptions.ALL).resourceVersion();
    }

    private Watch watch(WatchOptions options) {
        return api.watch(MAP, "default", options);
    }

    @Test
    void changesComeInOrderAndWhole() {
        String before = now();
        try (Watch watch = watch(WatchOptions.from(before))) {
            ObjectNode made = make("a", "x");
            WatchEvent added = next(watch);
            assertThat(brief(added)).isEqualTo("ADDED a");
            assertThat(added.object()).isEqualTo(made);
            ObjectNode changed = made.deepCopy();
            changed.withObject("/data").put("a", "2");
            ObjectNode second = api.update(map("a"), changed, options());
            assertThat(next(watch)).isEqualTo(new WatchEvent(Type.MODIFIED, second));
            delete("a");
            WatchEvent gone = next(watch);
            assertThat(brief(gone)).isEqualTo("DELETED a");
            assertThat(gone.object().at("/data/a").asString()).isEqualTo("2");
            assertThat(gone.object().at("/metadata/resourceVersion"))
                    .isNotEqualTo(second.at("/metadata/resourceVersion"));
            assertThat(watch.ended()).isFalse();
        }
    }

    @Test
    void aWatchResumesWhereAnotherEnded() {
        String before = now();
        make("a", "x");
        String position;
        try (Watch first = watch(WatchOptions.from(before))) {
            position = next(first).object().at("/metadata/resourceVersion").asString();
        }
        make("b", "x");
        make("c", "x");
        try (Watch second = watch(WatchOptions.from(position))) {
            assertThat(brief(next(second))).isEqualTo("ADDED b");
            assertThat(brief(next(second))).isEqualTo("ADDED c");
        }
    }

    @Test
    void withoutAPositionPresentObjectsComeFirst() {
        make("a", "x");
        for (String version : List.of("", "0")) {
            try (Watch watch = watch(WatchOptions.from(version))) {
                assertThat(brief(next(watch))).isEqualTo("ADDED a");
            }
        }
    }

    @Test
    void initialEventsEndWithABookmark() {
        make("a", "x");
        make("b", "y");
        try (Watch watch = watch(new WatchOptions("", "", "", true, true))) {
            assertThat(brief(next(watch))).isEqualTo("ADDED a");
            assertThat(brief(next(watch))).isEqualTo("ADDED b");
            WatchEvent mark = next(watch);
            assertThat(mark.type()).isEqualTo(Type.BOOKMARK);
            assertThat(mark.object().propertyNames()).containsExactlyInAnyOrder("kind", "apiVersion", "metadata");
            assertThat(mark.object()
                            .at("/metadata/annotations/k8s.io~1initial-events-end")
                            .asString())
                    .isEqualTo("true");
            assertThat(mark.object().at("/metadata/resourceVersion").asString()).isEqualTo(now());
            make("c", "x");
            assertThat(brief(next(watch))).isEqualTo("ADDED c");
        }
    }

    @Test
    void selectorsTurnChangesIntoComingAndGoing() {
        String before = now();
        try (Watch watch = watch(new WatchOptions("l=x", "", before, false, false))) {
            ObjectNode made = make("a", "y");
            ObjectNode changed = made.deepCopy();
            changed.withObject("/metadata/labels").put("l", "x");
            ObjectNode second = api.update(map("a"), changed, options()).deepCopy();
            second.withObject("/metadata/labels").put("l", "y");
            api.update(map("a"), second, options());
            assertThat(brief(next(watch))).isEqualTo("ADDED a");
            assertThat(brief(next(watch))).isEqualTo("DELETED a");
        }
        try (Watch watch = watch(new WatchOptions("", "metadata.name=b", before, false, false))) {
            make("c", "x");
            make("b", "x");
            assertThat(brief(next(watch))).isEqualTo("ADDED b");
        }
    }

    @Test
    void aForgottenPositionIsExpired() {
        make("a", "x");
        make("b", "x");
        store.compact(store.revision());
        StatusException expired = refused(() -> {
            try (Watch watch = watch(WatchOptions.from("1"))) {
                next(watch);
            }
        });
        assertThat(expired.failure().reason()).isEqualTo(Reason.EXPIRED);
        assertThat(expired.failure().message())
                .isEqualTo("too old resource version: 1 (%d)".formatted(store.revision()));
    }

    @Test
    void aSenselessPositionIsRefused() {
        StatusException refusal = refused(() -> {
            try (Watch watch = watch(WatchOptions.from("x"))) {
                next(watch);
            }
        });
        assertThat(refusal.failure().reason()).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void aClosedWatchHasEnded() throws InterruptedException {
        Watch watch = watch(WatchOptions.from(now()));
        assertThat(watch.next(Duration.ofMillis(1))).isEmpty();
        assertThat(watch.ended()).isFalse();
        watch.close();
        assertThat(watch.ended()).isTrue();
        make("a", "x");
        assertThat(watch.next(Duration.ofMillis(1))).isEmpty();
        watch.close();
    }

    @Test
    void manyMayWatchAtOnce() {
        String before = now();
        List<Watch> watches = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                watches.add(watch(WatchOptions.from(before)));
            }
            make("a", "x");
            for (Watch watch : watches) {
                assertThat(brief(next(watch))).isEqualTo("ADDED a");
            }
        } finally {
            watches.forEach(Watch::close);
        }
    }

    @Test
    void largeObjectsPassWhole() {
        String before = now();
        String large = "x".repeat(900_000);
        try (Watch watch = watch(WatchOptions.from(before))) {
            ObjectNode made = create("{metadata:{name:'big'},data:{a:'" + large + "'}}");
            assertThat(next(watch).object().equals(made)).isTrue();
        }
        assertThat(api.get(map("big")).at("/data/a").asString()).hasSize(large.length());
    }
}
