package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes Pods that no kubelet will: those bound to a node that is gone, those that are going but were never bound,
 * and the oldest of those that have ended where they are too many (pkg/controller/podgc).
 */
final class PodCollector implements Controller {
    /** So many Pods that have ended are kept. */
    static final int KEPT = 12_500;
    /** A node may be registered again: its Pods are kept for so long. */
    static final Duration QUARANTINE = Duration.ofSeconds(40);
    /** Ended Pods beyond the limit are deleted together, at most this often. */
    static final Duration PAUSE = Duration.ofSeconds(20);

    /** What to look at. */
    private sealed interface Subject {
        record Going(Key pod) implements Subject {}

        record Missing(String node) implements Subject {}

        record Ended() implements Subject {}
    }

    private final Api api;
    private final World world;
    private final Mirror<Pod> pods;
    private final Mirror<Node> nodes;
    private final int kept;
    private final Loop<Subject> loop;
    private final Map<String, Long> missingSince = new HashMap<>();

    PodCollector(Api api, World world, Mirror<Pod> pods, Mirror<Node> nodes, int kept) {
        this.api = api;
        this.world = world;
        this.pods = pods;
        this.nodes = nodes;
        this.kept = kept;
        this.loop = new Loop<>(world, "pod-garbage-collector", this::handle);
        pods.onChange(this::podChanged);
        nodes.onChange(change -> loop.add(new Subject.Missing(change.key().name())));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(pods, nodes);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void podChanged(Change<Pod> change) {
        if (change instanceof Change.Removed<Pod>) {
            return;
        }
        Pod pod = change.versions().getLast();
        if (pod.nodeName().isEmpty()) {
            if (pod.metadata().deleting()) {
                loop.add(new Subject.Going(change.key()));
            }
        } else if (nodes.snapshot().get(Key.clusterScoped(pod.nodeName())).isEmpty()) {
            loop.add(new Subject.Missing(pod.nodeName()));
        }
        if (pod.finished() && pods.snapshot().in(Pod.ENDED, Pod.FINISHED).size() > kept) {
            loop.addAfter(new Subject.Ended(), PAUSE);
        }
    }

    private void handle(Subject subject) {
        switch (subject) {
            case Subject.Going(Key key) ->
                pods.snapshot()
                        .get(key)
                        .filter(pod ->
                                pod.nodeName().isEmpty() && pod.metadata().deleting())
                        .ifPresent(this::delete);
            case Subject.Missing(String node) -> collectNode(node);
            case Subject.Ended() -> collectEnded();
        }
    }

    private void collectNode(String name) {
        Key key = Key.clusterScoped(name);
        Snapshot<Pod> shown = pods.snapshot();
        if (nodes.snapshot().get(key).isPresent() || shown.in(Pod.BY_NODE, name).isEmpty()) {
            missingSince.remove(name);
            return;
        }
        long now = world.nanoTime();
        Duration left = QUARANTINE.minusNanos(now - missingSince.computeIfAbsent(name, absent -> now));
        if (left.isPositive()) {
            loop.addAfter(new Subject.Missing(name), left);
            return;
        }
        if (exists(key)) {
            missingSince.remove(name);
            return;
        }
        for (Pod pod : shown.in(Pod.BY_NODE, name)) {
            fail(pod);
            delete(pod);
        }
    }

    private boolean exists(Key node) {
        try {
            api.get(node.in(nodes.resource()));
            return true;
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return false;
            }
            throw e;
        }
    }

    private void collectEnded() {
        Snapshot<Pod> shown = pods.snapshot();
        int surplus = shown.in(Pod.ENDED, Pod.FINISHED).size() - kept;
        if (surplus <= 0) {
            return;
        }
        shown.in(Pod.ENDED, Pod.FINISHED).stream()
                .sorted(Comparator.comparing(Pod::created)
                        .thenComparing(pod -> pod.metadata().key().toString()))
                .limit(surplus)
                .forEach(this::delete);
    }

    /** A Pod whose node is gone has failed. */
    private void fail(Pod pod) {
        if (pod.finished()) {
            return;
        }
        ObjectNode patch = Merge.guarded(pod.metadata().uid(), "");
        ObjectNode status = patch.putObject("status").put("phase", "Failed");
        ArrayNode conditions = status.putArray("conditions");
        conditions.add(Condition.now(
                        "DisruptionTarget",
                        Condition.TRUE,
                        "DeletionByPodGC",
                        "PodGC: node no longer exists",
                        world.now())
                .withoutUpdateTime()
                .json());
        try {
            api.patch(
                    pod.metadata().key().in(pods.resource()).withSubresource("status"),
                    new Patch.Strategic(patch),
                    WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private void delete(Pod pod) {
        try {
            api.delete(
                    pod.metadata().key().in(pods.resource()),
                    DeleteOptions.now().withUid(pod.metadata().uid()));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }
}
