package io.jollyboat.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.client.Key;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.ManualWorld;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The API goes away and comes back: what was known stays, what changed meanwhile is learnt. */
class ServiceMirrorTest {
    private static final Resource SERVICES = Resources.kind("v1", "Service");
    private static final WriteOptions TESTER = WriteOptions.by("tester");
    private static final int MOST_STEPS = 1_000;

    private final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 1);
    private final Api api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
            .build()
            .as(User.component("tester"));
    private final AtomicBoolean away = new AtomicBoolean();

    /** The API and its watches, as long as it is not away. */
    private <T> T reached(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (away.get() && !method.getName().equals("close")) {
                        throw StatusException.of(StatusException.Reason.SERVICE_UNAVAILABLE, "away");
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof Watch watch ? reached(Watch.class, watch) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void create(String name, String address) {
        api.create(
                SERVICES,
                "default",
                (ObjectNode) new JsonMapper()
                        .readTree(
                                "{\"metadata\": {\"name\": \"%s\"}, \"spec\": {\"clusterIP\": \"%s\", \"ports\": [{\"port\": 80}]}}"
                                        .formatted(name, address)),
                TESTER);
    }

    private void settle(ServiceMirror mirror) throws InterruptedException {
        for (int i = 0; i < MOST_STEPS && mirror.poll(); i++) {
            assertThat(i).isLessThan(MOST_STEPS - 1);
        }
    }

    @Test
    void aMinuteWithoutTheApiChangesNothing() throws InterruptedException {
        api.create(
                Resources.kind("v1", "Namespace"),
                "",
                (ObjectNode) new JsonMapper().readTree("{\"metadata\": {\"name\": \"default\"}}"),
                TESTER);
        create("stays", "10.43.0.20");
        create("goes", "10.43.0.21");
        try (ServiceMirror mirror = new ServiceMirror(reached(Api.class, api), world)) {
            settle(mirror);
            assertThat(mirror.table().current().size()).isEqualTo(2);
            away.set(true);
            api.delete(Target.of(SERVICES, "default", "goes"), DeleteOptions.DEFAULT);
            create("comes", "10.43.0.22");
            ServiceTable before = mirror.table().current();
            for (int second = 0; second < 60; second++) {
                settle(mirror);
                world.advance(Duration.ofSeconds(1));
            }
            assertThat(mirror.table().current()).as("the very same").isSameAs(before);
            assertThat(mirror.synced()).isTrue();
            away.set(false);
            for (int second = 0; second < 60; second++) {
                settle(mirror);
                world.advance(Duration.ofSeconds(1));
            }
            ServiceTable after = mirror.table().current();
            assertThat(after.get(new Key("default", "stays"))).isPresent();
            assertThat(after.get(new Key("default", "comes"))).isPresent();
            assertThat(after.get(new Key("default", "goes"))).isEmpty();
        }
    }
}
