package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resources;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.node.AgentSettings;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.World;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalNodesTest {
    private static final World WORLD = World.system();

    /** Stands for what a test never gets so far as to make. */
    private static final class Unmade implements Ground.Maker {
        @Override
        public Ground make() {
            throw new AssertionError("the nodes were not started");
        }

        @Override
        public void end() {}
    }

    @Test
    void nodesAreThereToWaitForBeforeTheyAreUp() {
        Api api = Server.over(WORLD, new MemoryStore(), BuiltInSchema.schema())
                .build()
                .as(User.component("tester"));
        AgentSettings settings = AgentSettings.of("10.43.0.10", "cluster.local", "v1");
        Map<String, Ground.Maker> makers = Map.of("jolly", new Unmade(), "jolly-2", new Unmade());
        try (LocalNodes nodes = new LocalNodes(makers, settings, WORLD)) {
            nodes.announce(api);
            nodes.announce(api); // the next start finds them
        }
        assertThat(api.list(Resources.kind("v1", "Node"), "", ListOptions.ALL).items())
                .extracting(node ->
                        node.at("/metadata/labels/kubernetes.io~1hostname").stringValue())
                .containsExactly("jolly", "jolly-2");
    }
}
