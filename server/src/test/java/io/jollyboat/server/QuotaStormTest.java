package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Quantity;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.quota.Quota;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.store.Changes;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.ManualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Many threads make, resize, end and delete Pods at once under quotas that they could exceed many times over. What the
 * store says of each moment must keep to every quota, and in the end nothing may be lost: as much fits in as there is.
 */
class QuotaStormTest {
    private static final Resource QUOTA = Resources.kind("v1", "ResourceQuota");
    private static final int WRITERS = 12;
    private static final int STEPS = 40;
    private static final int PODS = 9;
    private static final int NAMES = 16;
    /** What one may be told where others write too. */
    private static final Set<Reason> USUAL =
            Set.of(Reason.CONFLICT, Reason.NOT_FOUND, Reason.ALREADY_EXISTS, Reason.FORBIDDEN, Reason.INVALID);

    private final Forgetting store = new Forgetting();
    private final Api api = Server.over(
                    new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 1), store, BuiltInSchema.schema())
            .build()
            .as(User.component("tester"));

    /** A store whose watches are cut off now and then, so that what is taken has to be counted anew. */
    private static final class Forgetting extends WrappedStore {
        Forgetting() {
            super(new MemoryStore());
        }

        @Override
        public Outcome write(String key, long expected, Optional<byte[]> value) {
            Thread.yield(); // so that others come between what was decided and what is written
            Outcome outcome = store.write(key, expected, value);
            Thread.yield();
            return outcome;
        }

        @Override
        public Changes watch(String prefix, long after) {
            Changes changes = store.watch(prefix, after);
            if (after % 7 == 0) {
                changes.close();
            }
            return changes;
        }
    }

    private void create(Resource resource, String text) {
        api.create(resource, Fixture.namespaceOf(resource), Fixture.json(text), WriteOptions.by("tester"));
    }

    private static String pod(String name, String requests) {
        return "{metadata:{name:'%s'},spec:{containers:[{name:'c',image:'i',resources:{requests:{%s}}}]}}"
                .formatted(name, requests);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Timeout(300)
    void noMomentExceedsAQuota(long seed) throws Exception {
        create(Fixture.NAMESPACE, "{metadata:{name:'default'}}");
        create(Resources.kind("v1", "ServiceAccount"), "{metadata:{name:'default'}}");
        create(QUOTA, "{metadata:{name:'all'},spec:{hard:{pods:'%d',cpu:'2'}}}".formatted(PODS));
        create(QUOTA, "{metadata:{name:'best'},spec:{hard:{pods:'3'},scopes:['NotBestEffort']}}");
        List<Callable<Boolean>> writers = IntStream.range(0, WRITERS)
                .<Callable<Boolean>>mapToObj(writer -> () -> {
                    Random random = new Random(seed * 1_000 + writer);
                    for (int step = 0; step < STEPS; step++) {
                        tried(() -> step(random));
                    }
                    return true;
                })
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(writers)) {
                assertThat(done.get()).isTrue();
            }
        }
        checkEachMoment();
        assertThat(fill()).isEqualTo(PODS);
    }

    private boolean tried(Runnable request) {
        try {
            request.run();
            return true;
        } catch (StatusException e) {
            if (!USUAL.contains(e.failure().reason())) {
                throw e;
            }
            return false;
        }
    }

    private void step(Random random) {
        String name = "p" + random.nextInt(NAMES);
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> create(Fixture.POD, pod(name, "cpu:'%dm'".formatted(random.nextInt(10) * 100)));
            case 3 ->
                api.patch(
                        Fixture.target(Fixture.POD, name).withSubresource("resize"),
                        new Patch.Strategic(
                                Fixture.json("{spec:{containers:[{name:'c',resources:{requests:{cpu:'%dm'}}}]}}"
                                        .formatted(100 + random.nextInt(10) * 100))),
                        WriteOptions.by("tester"));
            case 4 ->
                api.patch(
                        Fixture.target(Fixture.POD, name).withSubresource("status"),
                        new Patch.Merge(Fixture.json("{status:{phase:'Succeeded'}}")),
                        WriteOptions.by("tester"));
            default -> api.delete(Fixture.target(Fixture.POD, name), DeleteOptions.now());
        }
    }

    /** Reads the whole past of the store. */
    private void checkEachMoment() throws InterruptedException {
        List<Quota> quotas = api.list(QUOTA, "default", ListOptions.ALL).items().stream()
                .map(Quota::of)
                .toList();
        Map<String, Usage> pods = new TreeMap<>();
        int most = 0;
        try (Changes changes = store.store.watch(Keys.prefix(Fixture.POD, "default"), 0)) {
            for (List<Changes.Change> next = changes.next(Duration.ZERO);
                    !next.isEmpty();
                    next = changes.next(Duration.ZERO)) {
                for (Changes.Change change : next) {
                    change.bytes()
                            .ifPresentOrElse(
                                    bytes -> pods.put(change.key(), Usage.of(Fixture.POD, tree(bytes))),
                                    () -> pods.remove(change.key()));
                    for (Quota quota : quotas) {
                        quota.used(pods.values())
                                .forEach((name, used) -> assertThat(used)
                                        .as("%s of %s at %d", name, quota.name(), change.revision())
                                        .isLessThanOrEqualTo(quota.hard().getOrDefault(name, Quantity.ZERO)));
                    }
                    most = Math.max(most, pods.size());
                }
            }
        }
        assertThat(most).isGreaterThanOrEqualTo(3); // or nothing was tried
    }

    private static ObjectNode tree(byte[] bytes) {
        return (ObjectNode) Fixture.JSON.readTree(bytes);
    }

    /** Deletes all, then makes Pods until there is no room; how many it could make. */
    private int fill() {
        for (ObjectNode pod : new ArrayList<>(
                api.list(Fixture.POD, "default", ListOptions.ALL).items())) {
            api.delete(Fixture.target(Fixture.POD, Meta.name(pod)), DeleteOptions.now());
        }
        int made = 0;
        while (made <= PODS && tried(this.another(made))) {
            made++;
        }
        return made;
    }

    private Runnable another(int number) {
        return () -> create(Fixture.POD, pod("last-" + number, number < 3 ? "cpu:'100m'" : "cpu:'0'"));
    }
}
