package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.brief;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.next;
import static io.jollyboat.server.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WatchingTest {
    private static final Resource POD = Resources.kind("v1", "Pod");
    private static final Duration SHORT = Duration.ofMillis(1);
    private final Fixture cluster = new Fixture();

    private Watch watch(WatchOptions options) {
        return cluster.api.watch(CONFIG_MAP, "default", options);
    }

    private void label(String name, String value) {
        cluster.update(CONFIG_MAP, json("{metadata:{name:'%s',labels:{l:'%s'}}}".formatted(name, value)));
    }

    @Test
    void changesAfterARevisionComeInOrder() {
        long start = cluster.store.revision();
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        label("a", "x");
        cluster.delete(CONFIG_MAP, "a");
        cluster.create(CONFIG_MAP, "{metadata:{name:'b'}}");
        try (Watch watch = watch(WatchOptions.from(Long.toString(start)))) {
            assertThat(brief(next(watch))).isEqualTo("ADDED a@" + (start + 1));
            assertThat(brief(next(watch))).isEqualTo("MODIFIED a@" + (start + 2));
            WatchEvent deleted = next(watch);
            assertThat(brief(deleted)).isEqualTo("DELETED a@" + (start + 3));
            assertThat(deleted.object().at("/metadata/labels/l").asString()).isEqualTo("x");
            assertThat(brief(next(watch))).isEqualTo("ADDED b@" + (start + 4));
        }
    }

    @Test
    void withoutAVersionPresentObjectsComeFirst() throws InterruptedException {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        for (String version : new String[] {"", "0"}) {
            try (Watch watch = watch(WatchOptions.from(version))) {
                assertThat(brief(next(watch))).startsWith("ADDED a@");
                assertThat(watch.next(SHORT)).isEmpty();
            }
        }
    }

    @Test
    void aStreamingListEndsWithABookmark() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        try (Watch watch = watch(new WatchOptions("", "", "", true, true))) {
            assertThat(brief(next(watch))).startsWith("ADDED a@");
            WatchEvent mark = next(watch);
            assertThat(mark.type()).isEqualTo(WatchEvent.Type.BOOKMARK);
            assertThat(mark.object()
                            .at("/metadata/annotations/k8s.io~1initial-events-end")
                            .asString())
                    .isEqualTo("true");
            assertThat(mark.object().at("/metadata/resourceVersion").asString())
                    .isEqualTo(Long.toString(cluster.store.revision()));
            cluster.create(CONFIG_MAP, "{metadata:{name:'b'}}");
            assertThat(brief(next(watch))).startsWith("ADDED b@");
        }
    }

    @Test
    void aSelectorTurnsChangesIntoComingAndGoing() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        long start = cluster.store.revision();
        try (Watch watch = watch(new WatchOptions("l=x", "", Long.toString(start), false, false))) {
            label("a", "x");
            label("a", "y");
            label("a", "x");
            cluster.delete(CONFIG_MAP, "a");
            assertThat(brief(next(watch))).isEqualTo("ADDED a@" + (start + 1));
            WatchEvent gone = next(watch);
            assertThat(brief(gone)).isEqualTo("DELETED a@" + (start + 2));
            assertThat(gone.object().at("/metadata/labels/l").asString()).isEqualTo("x");
            assertThat(brief(next(watch))).isEqualTo("ADDED a@" + (start + 3));
            assertThat(brief(next(watch))).isEqualTo("DELETED a@" + (start + 4));
        }
    }

    @Test
    void aWatchOfOneNameSeesOnlyThat() throws InterruptedException {
        try (Watch watch = watch(new WatchOptions("", "metadata.name=a", "1", false, false))) {
            cluster.create(CONFIG_MAP, "{metadata:{name:'ab'}}");
            cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
            assertThat(brief(next(watch))).startsWith("ADDED a@");
            assertThat(watch.next(SHORT)).isEmpty();
        }
    }

    @Test
    void aNodeSeesItsPodsFromTheirBindingOn() throws InterruptedException {
        cluster.create(Resources.kind("v1", "ServiceAccount"), "{metadata:{name:'default'}}");
        cluster.create(POD, "{metadata:{name:'there'},spec:{nodeName:'n1',containers:[{name:'c',image:'i'}]}}");
        cluster.create(POD, "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]}}");
        try (Watch mine = cluster.api.watch(POD, "", new WatchOptions("", "spec.nodeName=n1", "", false, false));
                Watch other = cluster.api.watch(POD, "", new WatchOptions("", "spec.nodeName=n2", "", false, false))) {
            assertThat(brief(next(mine))).startsWith("ADDED there@");
            assertThat(mine.next(SHORT)).isEmpty();
            cluster.create(POD, "{metadata:{name:'elsewhere'},spec:{nodeName:'n2',containers:[{name:'c',image:'i'}]}}");
            cluster.api.create(
                    Target.of(POD, "default", "p").withSubresource("binding"),
                    json("{apiVersion:'v1',kind:'Binding',metadata:{name:'p'},target:{kind:'Node',name:'n1'}}"),
                    WriteOptions.by("tester"));
            assertThat(brief(next(mine))).startsWith("ADDED p@");
            cluster.api.delete(Target.of(POD, "default", "p"), DeleteOptions.now());
            assertThat(brief(next(mine))).startsWith("DELETED p@");
            assertThat(brief(next(other))).startsWith("ADDED elsewhere@");
            assertThat(mine.next(SHORT)).isEmpty();
            assertThat(other.next(SHORT)).isEmpty();
        }
    }

    @Test
    void aForgottenPositionIsToldWhenRead() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        cluster.create(CONFIG_MAP, "{metadata:{name:'b'}}");
        cluster.store.compact(cluster.store.revision());
        try (Watch watch = watch(WatchOptions.from("1"))) {
            var failure = refused(() -> watch.next(SHORT));
            assertThat(failure.reason()).isEqualTo(Reason.EXPIRED);
            assertThat(failure.message())
                    .isEqualTo("too old resource version: 1 (%d)".formatted(cluster.store.revision()));
        }
    }

    @Test
    void presentObjectsAreReadAnewWhenTheyWereForgottenMeanwhile() throws InterruptedException {
        ForgetfulStore store = new ForgetfulStore();
        Fixture fast = new Fixture(store);
        fast.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        store.forgetBehind(2);
        try (Watch watch = fast.api.watch(CONFIG_MAP, "default", WatchOptions.from(""))) {
            assertThat(brief(next(watch))).startsWith("ADDED a@");
            fast.create(CONFIG_MAP, "{metadata:{name:'b'}}");
            assertThat(brief(next(watch))).startsWith("ADDED b@");
        }
        store.forgetBehind(Integer.MAX_VALUE);
        try (Watch watch = fast.api.watch(CONFIG_MAP, "default", WatchOptions.from(""))) {
            var failure = refused(() -> watch.next(SHORT));
            assertThat(failure.reason()).isEqualTo(Reason.EXPIRED);
        }
    }

    @Test
    void quietWatchesTellTheirPosition() throws InterruptedException {
        try (Watch watch = watch(WatchOptions.from("1"))) {
            cluster.api.create(Fixture.NAMESPACE, "", json("{metadata:{name:'n'}}"), cluster.options());
            assertThat(watch.next(SHORT)).isEmpty();
            cluster.world.advance(Duration.ofSeconds(61));
            WatchEvent mark = next(watch);
            assertThat(mark.type()).isEqualTo(WatchEvent.Type.BOOKMARK);
            assertThat(mark.object().at("/metadata/resourceVersion").asString()).isEqualTo("2");
            assertThat(watch.next(SHORT)).isEmpty();
        }
    }

    @Test
    void aReaderWhoDoesNotReadIsCutOff() throws InterruptedException {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        try (Watch watch = watch(WatchOptions.from("1"))) {
            String padding = "x".repeat(1000);
            for (int i = 0; i < 50_000 && !watch.ended(); i++) {
                cluster.update(CONFIG_MAP, json("{metadata:{name:'a'},data:{n:'%d',p:'%s'}}".formatted(i, padding)));
                if (i % 5000 == 4999) {
                    next(watch);
                }
            }
            for (int i = 0; i < 100_000 && !watch.ended(); i++) {
                watch.next(SHORT);
            }
            assertThat(watch.ended()).isTrue();
        }
    }

    @Test
    void watchersShareOneTree() {
        try (Watch one = watch(WatchOptions.from("1"));
                Watch other = watch(WatchOptions.from("1"))) {
            cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
            assertThat(next(one).object()).isSameAs(next(other).object());
        }
    }
}
