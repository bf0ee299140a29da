package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes down which Pods got which nodes, several at once, while the scheduler goes on deciding: so they share the wait
 * for the disk. Those that cannot be bound are handed back.
 */
final class Binder {
    /** Bindings that are written at once. */
    private static final int WORKERS = 16;

    /** With more that wait here, nothing further is decided: what is important should not come behind too many. */
    private static final int MANY = 50;

    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final System.Logger LOG = System.getLogger(Binder.class.getName());

    private final Api api;
    private final EventRecorder events;
    private final Runnable progress;
    private final List<Loop<Key>> loops;
    private final Map<Key, PodFacts> pending = new ConcurrentHashMap<>(); // on their nodes
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>(); // no longer than pending was

    /** A Pod that was not bound, and why. */
    record Refusal(PodFacts pod, RuntimeException problem) {}

    /** @param progress is called when there is something to hand back, and when more may be decided */
    Binder(Api api, World world, EventRecorder events, Runnable progress) {
        this.api = api;
        this.events = events;
        this.progress = progress;
        this.loops = IntStream.range(0, WORKERS)
                .mapToObj(_ -> new Loop<>(world, "binder of the scheduler", this::bind))
                .toList();
    }

    List<Loop<Key>> loops() {
        return loops;
    }

    /** @param pod on its node; two Pods of one name are bound one after the other */
    void add(PodFacts pod) {
        pending.put(pod.key(), pod);
        loops.get(Math.floorMod(pod.key().hashCode(), WORKERS)).add(pod.key());
    }

    /** Whether so many wait that nothing further should be decided. */
    boolean busy() {
        return pending.size() > MANY;
    }

    /** What could not be bound since this was asked last. */
    List<Refusal> refusals() {
        List<Refusal> taken = new ArrayList<>();
        for (Refusal one = refusals.poll(); one != null; one = refusals.poll()) {
            taken.add(one);
        }
        return taken;
    }

    private void bind(Key key) {
        PodFacts pod = pending.get(key);
        if (pod == null) {
            return;
        }
        boolean refused = false;
        try {
            write(pod);
            events.normal(
                    Verdicts.about(pod), "Scheduled", "Successfully assigned %s to %s".formatted(key, pod.nodeName()));
            LOG.log(System.Logger.Level.DEBUG, "{0}: bound to {1}", key, pod.nodeName());
        } catch (RuntimeException e) {
            refusals.add(new Refusal(pod, e));
            refused = true;
        } finally {
            pending.remove(key, pod);
        }
        if (refused || !busy()) {
            progress.run();
        }
    }

    private void write(PodFacts pod) {
        ObjectNode binding = JsonNodeFactory.instance.objectNode();
        binding.put("apiVersion", "v1").put("kind", "Binding");
        binding.putObject("metadata")
                .put("name", pod.key().name())
                .put("namespace", pod.key().namespace())
                .put("uid", pod.uid());
        binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", pod.nodeName());
        api.create(pod.key().in(PODS).withSubresource("binding"), binding, WriteOptions.by(Scheduler.NAME));
    }
}
