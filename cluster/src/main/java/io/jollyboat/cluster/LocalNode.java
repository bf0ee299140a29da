package io.jollyboat.cluster;

import io.jollyboat.api.Api;
import io.jollyboat.api.Streams;
import io.jollyboat.node.Agent;
import io.jollyboat.node.AgentSettings;
import io.jollyboat.node.NodeHost;
import io.jollyboat.node.Withdrawal;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A node of this process with its agent. Its ground (network, containerd) is made beside the server, and the agent
 * begins when both are there; what fails is tried again. Containers outlive it: the next start adopts them.
 */
final class LocalNode implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LocalNode.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final Ground.Maker maker;
    private final AgentSettings agentSettings;
    private final World world;
    private final CompletableFuture<Served> served = new CompletableFuture<>();
    private volatile @Nullable Agent agent;
    private volatile @Nullable Ground ground;
    private volatile @Nullable Presence presence;
    private volatile boolean closing;
    private @Nullable Task task;

    /** What is done once the node's network is there and before its Pods run. */
    interface Preparation {
        Presence prepare(NodeHost host) throws InterruptedException;
    }

    /** What was prepared for a node; it is taken back when the node is let go. */
    interface Presence extends AutoCloseable {
        Presence NONE = new Presence() {
            @Override
            public Withdrawal withdrawal() {
                return Withdrawal.NONE;
            }

            @Override
            public void close() {}
        };

        /** Tells the node's agent when nobody is led to a Pod any more. */
        Withdrawal withdrawal();

        @Override
        void close();
    }

    /** What the agent waits for besides its ground; {@code grounded} is run once the ground is there. */
    private record Served(Api api, Preparation grounded) {}

    LocalNode(String name, Ground.Maker maker, AgentSettings agentSettings, World world) {
        this.name = name;
        this.maker = maker;
        this.agentSettings = agentSettings;
        this.world = world;
    }

    /** Begins to make the ground; returns at once. */
    void start() {
        task = world.start("node " + name, this::comeUp);
    }

    /**
     * Lets the agent begin.
     *
     * @param grounded is run before it, when the node's network is there
     */
    void serve(Api api, Preparation grounded) {
        served.complete(new Served(api, grounded));
    }

    private void comeUp() {
        try {
            while (!tryToComeUp() && !closing) {
                world.sleep(AGAIN);
            }
        } catch (InterruptedException e) {
            // The cluster stops.
        }
    }

    private boolean tryToComeUp() throws InterruptedException {
        long begin = world.nanoTime();
        try {
            Ground made = Optional.ofNullable(ground).orElseGet(maker::make);
            ground = made;
            long ready = world.nanoTime();
            Served server = served.get();
            Presence prepared = presence == null ? server.grounded().prepare(made.host()) : presence;
            presence = prepared;
            Agent working = new Agent(world, server.api(), made.host(), agentSettings, prepared.withdrawal());
            agent = working;
            working.start();
            LOG.log(System.Logger.Level.INFO, "node {0} is up after {1} ms", name, millis(ready - begin));
            return true;
        } catch (ExecutionException | RuntimeException e) {
            if (!closing) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "node {0} does not come up, trying again in {1} s: {2}",
                        name,
                        AGAIN.toSeconds(),
                        e.toString());
            }
            return false;
        }
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    /** Whether its agent works. */
    boolean isUp() {
        return agent != null;
    }

    /** The Pods' streams, once the node is up. */
    Optional<Streams> streams() {
        return Optional.ofNullable(agent).map(Agent::streams);
    }

    @Override
    public void close() throws InterruptedException {
        closing = true; // what is interrupted may say so in its own way
        served.cancel(false);
        if (task != null) {
            task.cancel();
            task.join(STOP_LIMIT);
        }
        if (agent != null) {
            agent.close();
        }
        if (presence != null) {
            presence.close();
        }
        if (ground != null) {
            ground.release().run();
        }
    }
}
