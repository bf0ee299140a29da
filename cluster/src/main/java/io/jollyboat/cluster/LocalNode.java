package io.jollyboat.cluster;

import io.jollyboat.api.Api;
import io.jollyboat.api.Streams;
import io.jollyboat.node.Agent;
import io.jollyboat.node.AgentSettings;
import io.jollyboat.node.host.NestedNode;
import io.jollyboat.node.host.NodeSettings;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nested node of this process with its agent. It comes up beside the server, so that the API need not wait for
 * containerd; what fails is tried again. Containers outlive it: the next start adopts them.
 */
final class LocalNode implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LocalNode.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final NodeSettings settings;
    private final AgentSettings agentSettings;
    private final Api api;
    private final World world;
    private final Consumer<String> linked;
    private volatile @Nullable Agent agent;
    private volatile @Nullable NestedNode node;
    private @Nullable Task task;
    private boolean announced;

    /** @param linked is told once the host's address on the link to the node can be listened on */
    LocalNode(NodeSettings settings, AgentSettings agentSettings, Api api, World world, Consumer<String> linked) {
        this.settings = settings;
        this.agentSettings = agentSettings;
        this.api = api;
        this.world = world;
        this.linked = linked;
    }

    void start() {
        task = world.start("node " + settings.node(), this::comeUp);
    }

    private void comeUp() {
        try {
            while (!tryToComeUp()) {
                world.sleep(AGAIN);
            }
        } catch (InterruptedException e) {
            // The cluster stops.
        }
    }

    private boolean tryToComeUp() {
        long begin = world.nanoTime();
        try {
            NestedNode up = NestedNode.start(settings, world);
            node = up;
            if (!announced) {
                linked.accept(settings.hostAddress());
                announced = true;
            }
            Agent working = new Agent(world, api, up.host(), agentSettings);
            agent = working;
            working.start();
            LOG.log(
                    System.Logger.Level.INFO,
                    "node {0} is up after {1} ms",
                    settings.node(),
                    Duration.ofNanos(world.nanoTime() - begin).toMillis());
            return true;
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "node {0} does not come up, trying again in {1} s: {2}",
                    settings.node(),
                    AGAIN.toSeconds(),
                    e.toString());
            return false;
        }
    }

    /** The Pods' streams, once the node is up. */
    Optional<Streams> streams() {
        return Optional.ofNullable(agent).map(Agent::streams);
    }

    @Override
    public void close() throws InterruptedException {
        if (task != null) {
            task.cancel();
            task.join(STOP_LIMIT);
        }
        if (agent != null) {
            agent.close();
        }
        if (node != null) {
            node.close();
        }
    }
}
