package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodPlacesTest {
    private static final int WRITERS = 3;
    private static final int STEPS = 1_500;
    private static final int NAMES = 40;

    private final MemoryStore store = new MemoryStore();
    private final Fixture cluster = new Fixture(store);

    private static String key(String namespace, int name) {
        return "/registry/core/pods/" + namespace + "/p" + name;
    }

    /** Pods straight into the store: what they are allowed to become does not matter here. */
    private void put(String key, String node) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        String pod = """
                {"metadata":{"name":"%s","namespace":"%s"},"spec":{%s}}""".formatted(name, key.split("/")[4], node.isEmpty() ? "" : "\"nodeName\":\"" + node + "\"");
        write(key, Optional.of(pod.getBytes(StandardCharsets.UTF_8)));
    }

    private void write(String key, Optional<byte[]> value) {
        store.write(key, store.get(key).map(Store.Entry::revision).orElse(0L), value); // or another writer came first
    }

    private ObjectList list(String namespace, int limit) {
        return page(namespace, limit, "");
    }

    private ObjectList page(String namespace, int limit, String next) {
        return cluster.api.list(Fixture.POD, namespace, new ListOptions("", "spec.nodeName=n1", "", "", limit, next));
    }

    private static List<String> names(ObjectList list) {
        return list.items().stream()
                .map(pod -> Meta.namespace(pod) + "/" + Meta.name(pod) + "@" + Meta.resourceVersion(pod))
                .toList();
    }

    /** What a look through everything finds at that revision. */
    private List<String> expected(String namespace, long revision) {
        return store.range(Keys.prefix(Fixture.POD, namespace), "", 0, revision).entries().stream()
                .filter(entry -> new String(entry.bytes(), StandardCharsets.UTF_8).contains("\"n1\""))
                .map(entry -> entry.key().substring("/registry/core/pods/".length()) + "@" + entry.revision())
                .toList();
    }

    private void step(Random random) {
        String key = key(random.nextBoolean() ? "default" : "other", random.nextInt(NAMES));
        switch (random.nextInt(5)) {
            case 0 -> write(key, Optional.empty());
            case 1 -> put(key, "");
            case 2 -> put(key, "n2");
            default -> put(key, "n1");
        }
    }

    /** While Pods come, move and go, every list is what the store held at the list's own revision, and never old. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Timeout(300)
    void aListIsOneMoment(long seed) throws Exception {
        AtomicInteger writing = new AtomicInteger(WRITERS);
        List<Callable<Integer>> all = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            Random random = new Random(seed * 100 + writer);
            all.add(() -> {
                for (int i = 0; i < STEPS; i++) {
                    step(random);
                    if (i % 16 == 0) {
                        Thread.yield();
                    }
                }
                return writing.decrementAndGet();
            });
        }
        for (String namespace : List.of("", "default", "other")) {
            all.add(() -> {
                int lists = 0;
                boolean last;
                do {
                    last = writing.get() == 0;
                    long before = store.revision();
                    ObjectList list = list(namespace, 0);
                    long revision = Long.parseLong(list.resourceVersion());
                    assertThat(revision).isGreaterThanOrEqualTo(before);
                    assertThat(names(list)).isEqualTo(expected(namespace, revision));
                    lists++;
                } while (!last);
                return lists;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(all)) {
                assertThat(done.get()).isNotNegative();
            }
        }
        assertThat(list("", 0).items()).isNotEmpty();
    }

    @Test
    void pagesGoOnWhereTheyStopped() {
        for (int i = 0; i < 7; i++) {
            put(key("default", i), i == 3 ? "n2" : "n1");
        }
        ObjectList first = list("", 4);
        assertThat(names(first)).hasSize(4);
        put(key("default", 8), "n1"); // the later pages show the moment of the first
        ObjectList second = page("", 4, first.next());
        List<String> both = new ArrayList<>(names(first));
        both.addAll(names(second));
        assertThat(both).isEqualTo(expected("", Long.parseLong(first.resourceVersion())));
        assertThat(second.next()).isEmpty();
    }

    @Test
    void whatWasForgottenIsReadAnew() {
        put(key("default", 1), "n1");
        assertThat(names(list("", 0))).hasSize(1);
        put(key("default", 2), "n1");
        write(key("default", 1), Optional.empty());
        store.compact(store.revision());
        assertThat(names(list("", 0))).containsExactly("default/p2@" + (store.revision() - 1));
    }

    @Test
    void aWatchBeginsWithThePodsOfItsNode() {
        put(key("default", 1), "n1");
        put(key("default", 2), "n2");
        put(key("default", 10), "n1");
        WatchOptions options = new WatchOptions("", "spec.nodeName=n1", "", true, false);
        try (Watch watch = cluster.api.watch(Fixture.POD, "", options)) {
            assertThat(Fixture.brief(Fixture.next(watch))).startsWith("ADDED p1@");
            assertThat(Fixture.brief(Fixture.next(watch))).startsWith("ADDED p10@");
            put(key("default", 1), "n2");
            assertThat(Fixture.brief(Fixture.next(watch))).startsWith("DELETED p1@");
        }
    }
}
