package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.NAMESPACE;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.world.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ListingTest {
    private final Fixture cluster = new Fixture();

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            cluster.create(CONFIG_MAP, "{metadata:{name:'c%02d',labels:{even:'%s'}}}".formatted(i, i % 2 == 0));
        }
    }

    private ObjectList list(ListOptions options) {
        return cluster.api.list(CONFIG_MAP, "default", options);
    }

    private static ListOptions page(long limit, String next) {
        return new ListOptions("", "", "", "", limit, next);
    }

    private static ListOptions version(String version, String match) {
        return new ListOptions("", "", version, match, 0, "");
    }

    private static List<String> names(ObjectList list) {
        return list.items().stream().map(Meta::name).toList();
    }

    @Test
    void pagesShowOneState() {
        fill(7);
        ObjectList first = list(page(3, ""));
        assertThat(names(first)).containsExactly("c00", "c01", "c02");
        assertThat(first.remaining()).hasValue(4);
        cluster.delete(CONFIG_MAP, "c04");
        cluster.create(CONFIG_MAP, "{metadata:{name:'c05a'}}");
        ObjectList second = list(page(3, first.next()));
        assertThat(names(second)).containsExactly("c03", "c04", "c05");
        assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
        ObjectList third = list(page(3, second.next()));
        assertThat(names(third)).containsExactly("c06");
        assertThat(third.next()).isEmpty();
        assertThat(third.remaining()).isEmpty();
    }

    @Test
    void pagesOfASelectionAreFull() {
        fill(9);
        List<String> all = new ArrayList<>();
        String next = "";
        do {
            ObjectList page = list(new ListOptions("even=true", "", "", "", 2, next));
            assertThat(page.remaining()).isEmpty();
            all.addAll(names(page));
            next = page.next();
        } while (!next.isEmpty());
        assertThat(all).containsExactly("c00", "c02", "c04", "c06", "c08");
    }

    @Test
    void aForgottenPageTellsWhereToGoOn() {
        fill(4);
        ObjectList first = list(page(2, ""));
        cluster.create(CONFIG_MAP, "{metadata:{name:'z'}}");
        cluster.store.compact(cluster.store.revision());
        StatusException expired = catchThrowableOfType(StatusException.class, () -> list(page(2, first.next())));
        assertThat(expired.is(Reason.EXPIRED)).isTrue();
        ObjectList rest = list(page(0, expired.next()));
        assertThat(names(rest)).containsExactly("c02", "c03", "z");
    }

    @Test
    void namespacesAreKeptApart() {
        cluster.create(NAMESPACE, "{metadata:{name:'default2'}}");
        cluster.api.create(CONFIG_MAP, "default2", json("{metadata:{name:'b'}}"), cluster.options());
        fill(1);
        assertThat(names(list(ListOptions.ALL))).containsExactly("c00");
        assertThat(names(cluster.api.list(CONFIG_MAP, "", ListOptions.ALL))).containsExactly("c00", "b");
        assertThat(names(cluster.api.list(CONFIG_MAP, "", ListOptions.fields("metadata.namespace=default2"))))
                .containsExactly("b");
        assertThat(names(list(ListOptions.fields("metadata.name=c00")))).containsExactly("c00");
        assertThat(names(list(ListOptions.fields("metadata.name=c0")))).isEmpty();
    }

    @Test
    void versionsSayWhichState() {
        fill(2);
        String past = cluster.get(CONFIG_MAP, "c00")
                .path("metadata")
                .path("resourceVersion")
                .asString();
        assertThat(names(list(version(past, "Exact")))).containsExactly("c00");
        assertThat(names(list(version(past, "NotOlderThan")))).containsExactly("c00", "c01");
        assertThat(names(list(version(past, "")))).containsExactly("c00", "c01");
        assertThat(names(list(version("0", "")))).containsExactly("c00", "c01");
        cluster.store.compact(cluster.store.revision());
        assertThat(refused(() -> list(version(past, "Exact"))).reason()).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        fill(3);
        assertThat(refused(() -> list(version("", "Exact"))).message())
                .isEqualTo(
                        "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is"
                                + " forbidden unless resourceVersion is provided");
        assertThat(refused(() -> list(version("0", "Exact"))).reason()).isEqualTo(Reason.INVALID);
        assertThat(refused(() -> list(version("x", ""))).reason()).isEqualTo(Reason.BAD_REQUEST);
        assertThat(refused(() -> list(page(1, "???"))).message())
                .startsWith("invalid continue token: continue key is not valid: ");
        String next = list(page(1, "")).next();
        assertThat(refused(() -> list(new ListOptions("", "", "5", "", 1, next)))
                        .message())
                .isEqualTo("specifying resource version is not allowed when using continue");
        assertThat(refused(() -> list(ListOptions.fields("spec.foo=1"))).reason())
                .isEqualTo(Reason.BAD_REQUEST);
    }

    @Test
    void aFutureVersionIsWaitedForAndThenRefused() throws InterruptedException {
        var failure = new AtomicReference<StatusException.Failure>();
        Task task =
                cluster.world.start("list", () -> failure.set(refused(() -> list(version("1000", "NotOlderThan")))));
        for (int i = 0; i < 1000 && !task.ended(); i++) {
            cluster.world.advance(Duration.ofSeconds(1));
            task.join(Duration.ofMillis(10));
        }
        assertThat(task.ended()).isTrue();
        assertThat(failure.get().reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(failure.get().message()).isEqualTo("Timeout: Too large resource version: 1000, current: 1");
        assertThat(failure.get().causes().getFirst().reason()).isEqualTo("ResourceVersionTooLarge");
    }

    @Test
    void fewerThanNoObjectsAreAll() {
        fill(3);
        assertThat(list(page(-3, "")).items()).hasSize(3);
    }

    @Test
    void aTokenOfAStateThatIsYetToComeBeginsAnew() {
        fill(3);
        StatusException refusal = catchThrowableOfType(
                StatusException.class, () -> list(page(1, new Continue(9000, "default/c00 ").text())));
        assertThat(refusal.is(Reason.EXPIRED)).isTrue();
        assertThat(list(page(1, refusal.next())).items()).hasSize(1);
    }

    @Test
    void readersShareOneTree() {
        fill(1);
        assertThat(list(ListOptions.ALL).items().getFirst()).isSameAs(cluster.get(CONFIG_MAP, "c00"));
    }
}
