package io.jollyboat.cluster;

import io.jollyboat.api.Api;
import io.jollyboat.api.Streams;
import io.jollyboat.node.Agent;
import io.jollyboat.node.AgentSettings;
import io.jollyboat.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes of this process. They come up side by side; each can be switched off and on again by itself, as one would
 * a machine.
 */
final class LocalNodes implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LocalNodes.class.getName());

    private final Map<String, Ground.Maker> makers;
    private final AgentSettings agentSettings;
    private final World world;
    private final Map<String, LocalNode> on = new ConcurrentHashMap<>(); // changed under this object's lock
    private Optional<Served> served = Optional.empty();
    private boolean closed;

    private record Served(Api api, LocalNode.Preparation grounded) {}

    /** @param makers makes each node's ground, by the node's name */
    LocalNodes(Map<String, Ground.Maker> makers, AgentSettings agentSettings, World world) {
        this.makers = new LinkedHashMap<>(makers);
        this.agentSettings = agentSettings;
        this.world = world;
    }

    /** Begins to make the ground of all that are off; returns at once. */
    synchronized void start() {
        makers.keySet().forEach(this::switchOn);
    }

    /** Makes the Node objects that are missing, so that whoever finds the API can wait for the nodes. */
    void announce(Api api) {
        makers.keySet().forEach(name -> Agent.announce(api, name, agentSettings));
    }

    /**
     * Lets the agents begin.
     *
     * @param grounded is run before each, when that node's network is there
     */
    synchronized void serve(Api api, LocalNode.Preparation grounded) {
        served = Optional.of(new Served(api, grounded));
        on.values().forEach(node -> node.serve(api, grounded));
    }

    /** The streams of a node's Pods, once it is up. */
    Optional<Streams> streams(String node) {
        return Optional.ofNullable(on.get(node)).flatMap(LocalNode::streams);
    }

    /**
     * Switches a node on; returns at once. One that is on stays as it is.
     *
     * @throws ClusterException when there is no such node
     */
    synchronized void switchOn(String name) {
        Ground.Maker maker = maker(name);
        if (closed || on.containsKey(name)) {
            return;
        }
        LocalNode node = new LocalNode(name, maker, agentSettings, world);
        on.put(name, node);
        node.start();
        served.ifPresent(with -> node.serve(with.api, with.grounded));
    }

    /**
     * Switches a node off, as pulling its plug does: all of its containers end, nothing is told to the API. What it has
     * on disk stays. What is left of one that is off already is ended too.
     *
     * @throws ClusterException when there is no such node
     */
    synchronized void switchOff(String name) {
        Ground.Maker maker = maker(name);
        Optional.ofNullable(on.remove(name)).ifPresent(LocalNodes::close);
        maker.end();
        LOG.log(System.Logger.Level.INFO, "node {0} is switched off", name);
    }

    /** The names of all, in their order, and how each is. */
    Map<String, NodeState> all() {
        Map<String, NodeState> all = new LinkedHashMap<>();
        for (String name : makers.keySet()) {
            LocalNode node = on.get(name);
            all.put(name, node == null ? NodeState.OFF : node.isUp() ? NodeState.UP : NodeState.STARTING);
        }
        return all;
    }

    private Ground.Maker maker(String name) {
        Ground.Maker maker = makers.get(name);
        if (maker == null) {
            throw new ClusterException(
                    "there is no node %s; there are: %s".formatted(name, String.join(", ", makers.keySet())));
        }
        return maker;
    }

    /** Lets go of all; their containers run on. */
    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(on.values()).forEach(LocalNodes::close);
        on.clear();
    }

    private static void close(LocalNode node) {
        try {
            node.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
