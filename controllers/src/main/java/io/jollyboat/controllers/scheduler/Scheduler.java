package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives waiting Pods their nodes. One loop goes through all Pods that wait, the most important first, decides each
 * with {@link Choice} and binds it; what it has bound counts as placed from then on, also before the mirror shows it.
 */
public final class Scheduler implements Controller {
    static final String NAME = "default-scheduler";

    /** The loop's only key: one round over all Pods that wait. */
    private static final String ROUND = "round";

    /** What could not be placed is looked at again after this, should a change have been missed. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource NODES = Resources.kind("v1", "Node");
    private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

    private final Api api;
    private final Mirror<PodFacts> pods;
    private final Mirror<NodeFacts> nodes;
    private final EventRecorder events;
    private final Verdicts verdicts;
    private final Loop<String> loop;

    /** Pods that were bound, by uid, until the mirror shows it. Used by the loop's thread alone. */
    private final Map<String, String> bound = new HashMap<>();

    public Scheduler(Api api, World world) {
        this.api = api;
        this.events = new EventRecorder(api, world, NAME, "");
        this.pods = new Mirror<>(api, world, Mirror.Source.all(PODS), PodFacts::of, List.of());
        this.nodes = new Mirror<>(api, world, Mirror.Source.all(NODES), NodeFacts::of, List.of());
        this.verdicts = new Verdicts(api, world, events);
        this.loop = new Loop<>(world, "scheduler", round -> round());
        pods.onChange(change -> loop.add(ROUND));
        nodes.onChange(change -> loop.add(ROUND));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(pods, nodes);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop, events.loop());
    }

    private void round() {
        List<PodFacts> present = List.copyOf(pods.snapshot().all());
        forgetWhatIsShown(present);
        List<PodFacts> waiting = present.stream()
                .filter(this::waits)
                .sorted(Comparator.comparingInt(PodFacts::priority)
                        .reversed()
                        .thenComparing(PodFacts::created)
                        .thenComparing(pod -> pod.key().toString()))
                .toList();
        verdicts.keepOnly(waiting);
        if (waiting.isEmpty()) {
            return;
        }
        Situation situation = Situation.of(nodes.snapshot().all(), placed(present));
        for (PodFacts pod : waiting) {
            situation = schedule(pod, situation);
        }
        if (verdicts.any()) {
            loop.addAfter(ROUND, AGAIN);
        }
    }

    private boolean waits(PodFacts pod) {
        return pod.nodeName().isEmpty()
                && pod.schedulerName().equals(NAME)
                && !pod.finished()
                && !pod.deleting()
                && !bound.containsKey(pod.uid());
    }

    private void forgetWhatIsShown(List<PodFacts> present) {
        Map<String, String> still = new HashMap<>();
        for (PodFacts pod : present) {
            String node = bound.get(pod.uid());
            if (node != null && pod.nodeName().isEmpty()) {
                still.put(pod.uid(), node);
            }
        }
        bound.clear();
        bound.putAll(still);
    }

    private List<PodFacts> placed(List<PodFacts> present) {
        List<PodFacts> placed = new ArrayList<>();
        for (PodFacts pod : present) {
            String node = bound.get(pod.uid());
            placed.add(node == null ? pod : pod.on(node));
        }
        return placed;
    }

    /** Decides for one Pod and does it; the situation afterwards. */
    private Situation schedule(PodFacts pod, Situation situation) {
        if (pod.gated()) {
            verdicts.gated(pod);
            return situation;
        }
        return switch (Choice.of(pod, situation)) {
            case Choice.Node node -> bind(pod, node.name()) ? situation.with(pod.on(node.name())) : situation;
            case Choice.None none -> {
                verdicts.unschedulable(pod, none.message(), "");
                yield situation;
            }
            case Choice.MakeRoom room -> {
                if (!roomIsBeingMade(pod, situation)) {
                    verdicts.unschedulable(pod, room.message(), room.name());
                    room.victims().forEach(victim -> evict(victim, pod, room.name()));
                }
                yield situation.with(pod.on(room.name()));
            }
        };
    }

    private static boolean roomIsBeingMade(PodFacts pod, Situation situation) {
        return situation.rooms().stream()
                .filter(room -> room.node().name().equals(pod.nominated()))
                .flatMap(room -> room.pods().stream())
                .anyMatch(other -> other.deleting() && other.priority() < pod.priority());
    }

    private boolean bind(PodFacts pod, String node) {
        ObjectNode binding = JsonNodeFactory.instance.objectNode();
        binding.put("apiVersion", "v1").put("kind", "Binding");
        binding.putObject("metadata")
                .put("name", pod.key().name())
                .put("namespace", pod.key().namespace())
                .put("uid", pod.uid());
        binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
        try {
            api.create(pod.key().in(PODS).withSubresource("binding"), binding, WriteOptions.by(NAME));
        } catch (StatusException e) {
            if (e.is(Reason.CONFLICT) || e.is(Reason.NOT_FOUND)) {
                return false; // bound or deleted meanwhile: the mirror will tell
            }
            throw e;
        }
        bound.put(pod.uid(), node);
        verdicts.forget(pod);
        events.normal(Verdicts.about(pod), "Scheduled", "Successfully assigned %s to %s".formatted(pod.key(), node));
        LOG.log(System.Logger.Level.DEBUG, "{0}: bound to {1}", pod.key(), node);
        return true;
    }

    private void evict(PodFacts victim, PodFacts pod, String node) {
        try {
            api.delete(victim.key().in(PODS), DeleteOptions.DEFAULT.withUid(victim.uid()));
            events.normal(
                    Verdicts.about(victim), "Preempted", "Preempted by pod %s on node %s".formatted(pod.uid(), node));
            LOG.log(System.Logger.Level.INFO, "{0}: preempted on {1} by {2}", victim.key(), node, pod.key());
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }
}
