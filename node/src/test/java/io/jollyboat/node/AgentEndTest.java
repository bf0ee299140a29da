package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that was closed asks its API for nothing more; it needs no containerd for that. */
class AgentEndTest {
    private final Noting world = new Noting(World.system());

    @TempDir
    Path folder;

    @Test
    void noTaskGoesOnAfterTheEnd() throws InterruptedException {
        Api api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
                .build()
                .as(User.component("tester"));
        create(api, "Namespace", "", "{metadata:{name:'default'}}");
        create(api, "Namespace", "", "{metadata:{name:'kube-node-lease'}}");
        create(api, "ServiceAccount", "default", "{metadata:{name:'default'}}");
        create(api, "Pod", "default", "{metadata:{name:'p'},spec:{nodeName:'n',containers:[{name:'c',image:'i'}]}}");
        NodeHost host = VolumeUpkeepTest.host(folder);
        Agent agent = new Agent(
                world, api, host, AgentSettings.of("10.43.0.10", "cluster.local", "v1.35.0"), Withdrawal.NONE);
        agent.start();
        long limit = world.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (agent.running().isEmpty()) {
            assertThat(world.nanoTime()).as("the Pod was not seen").isLessThan(limit);
            world.sleep(Duration.ofMillis(5));
        }
        assertThat(world.names()).contains("pod default/p", "pods of node n", "node n");
        agent.close();
        assertThat(world.names()).isEmpty();
    }

    private static void create(Api api, String kind, String namespace, String text) {
        Resource resource = Resources.kind("v1", kind);
        api.create(resource, namespace, SmallNode.json(text), WriteOptions.by("tester"));
    }

    /** The world as it is, with a note of every task. */
    private record Noting(World real, Map<Task, String> tasks) implements World {
        Noting(World real) {
            this(real, new ConcurrentHashMap<>());
        }

        /** The tasks that have not ended; timers touch nothing but the loop that is closed. */
        List<String> names() {
            return tasks.entrySet().stream()
                    .filter(task -> !task.getKey().ended())
                    .map(Map.Entry::getValue)
                    .filter(name -> !name.startsWith("timer of "))
                    .toList();
        }

        @Override
        public Task start(String name, Runnable body) {
            Task task = real.start(name, body);
            tasks.put(task, name);
            return task;
        }

        @Override
        public Instant now() {
            return real.now();
        }

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }

        @Override
        public RandomGenerator random() {
            return real.random();
        }

        @Override
        public UUID uuid() {
            return real.uuid();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            real.sleep(duration);
        }

        @Override
        public void atExit(Runnable last) {
            real.atExit(last);
        }
    }
}
