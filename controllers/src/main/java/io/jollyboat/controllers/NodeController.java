package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Watches over nodes: one that has not renewed its lease for {@link #GRACE} is silent, its conditions become Unknown,
 * and taints follow its conditions.
 *
 * <p>A lease's age is counted from when this process saw it change, on the monotonic clock, so neither a jump of a
 * clock nor a foreign one makes a node look dead. A node that seems silent gets a second look after {@link #DOUBT}: a
 * process that was itself stopped for a while first hears what it missed. The taint that evicts comes at the
 * {@link EvictionPace}.
 */
final class NodeController implements Controller {
    static final Duration GRACE = Duration.ofSeconds(40);
    static final Duration DOUBT = Duration.ofSeconds(1);
    static final String LEASES = "kube-node-lease";

    private final Api api;
    private final World world;
    private final Mirror<Node> nodes;
    private final Mirror<Lease> leases;
    private final Mirror<Pod> pods;
    private final EventRecorder events;
    private final Loop<Key> loop;
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private final EvictionPace pace = new EvictionPace();
    private final Map<String, Long> doubted = new ConcurrentHashMap<>();

    NodeController(Api api, World world, Mirror<Node> nodes, Mirror<Lease> leases, Mirror<Pod> pods) {
        this.api = api;
        this.world = world;
        this.nodes = nodes;
        this.leases = leases;
        this.pods = pods;
        this.events = new EventRecorder(api, world, "node-controller", "");
        this.loop = new Loop<>(world, "node-controller", this::handle);
        leases.onChange(change -> {
            if (change.key().namespace().equals(LEASES) && !(change instanceof Change.Removed<Lease>)) {
                heard(change.key().name());
            }
        });
        nodes.onChange(this::nodeChanged);
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(nodes, leases, pods);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop, events.loop());
    }

    private void heard(String node) {
        heard.put(node, world.nanoTime());
    }

    private void nodeChanged(Change<Node> change) {
        switch (change) {
            case Change.Added<Node> added -> heard(added.key().name());
            case Change.Modified<Node>(Key key, Node before, Node after) -> {
                if (!before.heartbeat().equals(after.heartbeat())) {
                    heard(key.name());
                }
                if (!before.condition(Node.READY).equals(after.condition(Node.READY))) {
                    readyChanged(after);
                }
            }
            case Change.Removed<Node> removed -> {
                heard.remove(removed.key().name());
                doubted.remove(removed.key().name());
            }
        }
        loop.add(change.key());
    }

    /** Whether any node is ready decides over all that are not. */
    private void readyChanged(Node changed) {
        for (Node node : nodes.snapshot().all()) {
            if (!node.condition(Node.READY).equals(Condition.TRUE)
                    || node.name().equals(changed.name())) {
                loop.add(node.metadata().key());
            }
        }
        if (!changed.condition(Node.READY).equals(Condition.TRUE)) {
            events.normal(
                    about(changed), "NodeNotReady", "Node %s status is now: NodeNotReady".formatted(changed.name()));
        }
    }

    private void handle(Key key) {
        Optional<Node> found = nodes.snapshot().get(key);
        if (found.isEmpty()) {
            leave(key.name());
            return;
        }
        Node node = found.get();
        if (silent(key)) {
            List<Condition> unknown = NodeHealth.silent(node, world.now());
            if (!unknown.isEmpty()) {
                report(node, unknown);
                return; // the change brings the next look
            }
        }
        List<Taint> taints = NodeHealth.taints(node, evicts(node), world.now());
        if (!taints.equals(node.taints())) {
            taint(node, taints);
        }
        if (node.ready().isPresent() && !node.condition(Node.READY).equals(Condition.TRUE)) {
            pods.snapshot().in(Pod.BY_NODE, node.name()).stream()
                    .filter(Pod::ready)
                    .forEach(this::notReady);
        }
    }

    /**
     * Whether a node that is not ready loses its Pods: at its turn, and not while no node at all is ready.
     */
    private boolean evicts(Node node) {
        if (node.ready().isEmpty() || node.condition(Node.READY).equals(Condition.TRUE)) {
            leave(node.name());
            return false;
        }
        Collection<Node> all = nodes.snapshot().all();
        if (all.stream().noneMatch(any -> any.condition(Node.READY).equals(Condition.TRUE))) {
            leave(node.name());
            return false;
        }
        if (NodeHealth.evicts(node)) {
            return true;
        }
        String zone = node.evictionZone();
        Optional<Duration> turn = pace.turn(node.name(), zone, EvictionPace.Zone.of(zone, all), world.nanoTime());
        boolean now = turn.isPresent() && turn.get().isZero();
        if (now) {
            pace.next(zone).ifPresent(next -> loop.add(Key.clusterScoped(next)));
        } else {
            turn.ifPresent(wait -> loop.addAfter(node.metadata().key(), wait));
        }
        return now;
    }

    private void leave(String node) {
        pace.leave(node).ifPresent(next -> loop.add(Key.clusterScoped(next)));
    }

    /** Whether the node has not been heard for too long; if not, it is looked at again when it may be. */
    private boolean silent(Key key) {
        String name = key.name();
        long now = world.nanoTime();
        long last = heard.computeIfAbsent(name, absent -> now);
        Duration left = GRACE.minusNanos(now - last);
        if (left.isPositive()) {
            doubted.remove(name);
            loop.addAfter(key, left);
            return false;
        }
        Duration doubt = DOUBT.minusNanos(now - doubted.computeIfAbsent(name, absent -> now));
        if (doubt.isPositive()) {
            loop.addAfter(key, doubt);
            return false;
        }
        return true;
    }

    private void report(Node node, List<Condition> conditions) {
        ObjectNode patch = Merge.guarded(node.metadata().uid(), node.resourceVersion());
        ArrayNode array = patch.putObject("status").putArray("conditions");
        for (Condition condition : conditions) {
            ObjectNode entry = condition.json();
            if (Condition.find(node.conditions(), condition.type()).isEmpty()) {
                entry.put("lastHeartbeatTime", node.created().toString());
            }
            array.add(entry);
        }
        patch(target(node).withSubresource("status"), new Patch.Strategic(patch));
    }

    private void taint(Node node, List<Taint> taints) {
        ObjectNode patch = Merge.guarded(node.metadata().uid(), node.resourceVersion());
        ObjectNode spec = patch.putObject("spec");
        if (taints.isEmpty()) {
            spec.putNull("taints");
        } else {
            ArrayNode array = spec.putArray("taints");
            taints.forEach(taint -> array.add(taint.json()));
        }
        patch(target(node), new Patch.Merge(patch));
    }

    /** A Pod on a node of which nothing good is known must get no traffic. */
    private void notReady(Pod pod) {
        ObjectNode patch = Merge.guarded(pod.metadata().uid(), "");
        patch.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", Node.READY)
                .put("status", Condition.FALSE)
                .put(
                        "lastTransitionTime",
                        world.now().truncatedTo(ChronoUnit.SECONDS).toString());
        Target target = pod.metadata().key().in(pods.resource());
        patch(target.withSubresource("status"), new Patch.Strategic(patch));
        events.warning(Controllers.about(pods.resource(), pod.metadata(), ""), "NodeNotReady", "Node is not ready");
    }

    private void patch(Target target, Patch patch) {
        try {
            api.patch(target, patch, WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private Target target(Node node) {
        return node.metadata().key().in(nodes.resource());
    }

    private EventRecorder.About about(Node node) {
        return Controllers.about(nodes.resource(), node.metadata(), "");
    }
}
