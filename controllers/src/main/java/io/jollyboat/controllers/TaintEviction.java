package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes Pods from nodes with {@code NoExecute} taints, as soon as they no longer tolerate them. The time that a Pod
 * tolerates is counted from when this process saw Pod and taint together, on the monotonic clock.
 */
final class TaintEviction implements Controller {
    private record Since(String uid, long nanos) {}

    private final Api api;
    private final World world;
    private final Mirror<Pod> pods;
    private final Mirror<Node> nodes;
    private final EventRecorder events;
    private final Loop<Key> loop;
    private final Map<Key, Since> tainted = new HashMap<>();

    TaintEviction(Api api, World world, Mirror<Pod> pods, Mirror<Node> nodes) {
        this.api = api;
        this.world = world;
        this.pods = pods;
        this.nodes = nodes;
        this.events = new EventRecorder(api, world, "taint-eviction-controller", "");
        this.loop = new Loop<>(world, "taint-eviction-controller", this::handle);
        pods.onChange(this::podChanged);
        nodes.onChange(this::nodeChanged);
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(pods, nodes);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop, events.loop());
    }

    private void podChanged(Change<Pod> change) {
        for (Pod pod : change.versions()) {
            if (!evicting(pod.nodeName()).isEmpty()) {
                loop.add(change.key());
            }
        }
    }

    private void nodeChanged(Change<Node> change) {
        boolean any = change.versions().stream()
                .flatMap(node -> node.taints().stream())
                .anyMatch(Taint::evicts);
        if (any) {
            pods.snapshot()
                    .in(Pod.BY_NODE, change.key().name())
                    .forEach(pod -> loop.add(pod.metadata().key()));
        }
    }

    private List<Taint> evicting(String node) {
        return nodes.snapshot()
                .get(Key.clusterScoped(node))
                .map(found -> found.taints().stream().filter(Taint::evicts).toList())
                .orElse(List.of());
    }

    private void handle(Key key) {
        Optional<Pod> found = pods.snapshot().get(key).filter(Pod::active);
        List<Taint> taints = found.map(pod -> evicting(pod.nodeName())).orElse(List.of());
        if (found.isEmpty() || taints.isEmpty()) {
            tainted.remove(key);
            return;
        }
        Pod pod = found.get();
        String uid = pod.metadata().uid();
        Since since = tainted.get(key);
        if (since == null || !since.uid.equals(uid)) {
            since = new Since(uid, world.nanoTime());
            tainted.put(key, since);
        }
        Optional<Duration> tolerated = tolerated(taints, pod.tolerations());
        if (tolerated.isEmpty()) {
            return;
        }
        Duration left = tolerated.get().minusNanos(world.nanoTime() - since.nanos);
        if (left.isPositive()) {
            loop.addAfter(key, left);
        } else {
            evict(pod);
        }
    }

    /** How long a Pod stays: the shortest of what it tolerates, nothing where it does not; empty for ever. */
    static Optional<Duration> tolerated(List<Taint> taints, List<Toleration> tolerations) {
        Optional<Duration> shortest = Optional.empty();
        for (Taint taint : taints) {
            Optional<Toleration> fitting = tolerations.stream()
                    .filter(toleration -> toleration.tolerates(taint))
                    .findFirst();
            if (fitting.isEmpty()) {
                return Optional.of(Duration.ZERO);
            }
            if (fitting.get().seconds().isPresent()) {
                Duration time =
                        Duration.ofSeconds(Math.max(0, fitting.get().seconds().getAsLong()));
                shortest = Optional.of(
                        shortest.filter(other -> other.compareTo(time) < 0).orElse(time));
            }
        }
        return shortest;
    }

    private void evict(Pod pod) {
        Key key = pod.metadata().key();
        events.normal(
                Controllers.about(pods.resource(), pod.metadata(), ""),
                "TaintManagerEviction",
                "Marking for deletion Pod " + key);
        ObjectNode patch = Merge.guarded(pod.metadata().uid(), "");
        patch.putObject("status")
                .putArray("conditions")
                .add(Condition.now(
                                "DisruptionTarget",
                                Condition.TRUE,
                                "DeletionByTaintManager",
                                "Taint manager: deleting due to NoExecute taint",
                                world.now())
                        .withoutUpdateTime()
                        .json());
        Target target = key.in(pods.resource());
        try {
            api.patch(
                    target.withSubresource("status"),
                    new Patch.Strategic(patch),
                    WriteOptions.by(Controllers.FIELD_MANAGER));
            api.delete(target, DeleteOptions.DEFAULT.withUid(pod.metadata().uid()));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
