package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.world.World;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives waiting Pods their nodes. One loop goes through the Pods that wait ({@link Waiting}), the most important
 * first, decides each with {@link Choice} and has it bound ({@link Binder}); from then on it counts as placed, also before
 * the mirror shows it ({@link Floor}).
 */
public final class Scheduler implements Controller {
    static final String NAME = "default-scheduler";

    /** The loop's only key: one round over all Pods that wait. */
    private static final String ROUND = "round";

    /** So many Pods are decided in one round; then the mirrors are asked again who is the most important. */
    private static final int MOST = 100;

    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource NODES = Resources.kind("v1", "Node");
    private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

    private final Api api;
    private final Mirror<PodFacts> pods;
    private final Mirror<NodeFacts> nodes;
    private final EventRecorder events;
    private final Verdicts verdicts;
    private final Loop<String> loop;
    private final World world;
    private final Floor floor;
    private final Waiting waiting;
    private final Binder binder;

    /** Where the search for a node begins, see {@link Sampling}. */
    private int from;

    public Scheduler(Api api, World world) {
        this.api = api;
        this.events = new EventRecorder(api, world, NAME, "");
        this.world = world;
        this.pods = new Mirror<>(
                api, world, Mirror.Source.all(PODS), PodFacts::of, List.of(Floor.BY_NODE, Waiting.WITHOUT_NODE));
        this.nodes = new Mirror<>(api, world, Mirror.Source.all(NODES), NodeFacts::of, List.of());
        this.verdicts = new Verdicts(api, world, events);
        this.loop = new Loop<>(world, "scheduler", round -> round());
        this.floor = new Floor(pods, nodes);
        this.waiting = new Waiting(pods, nodes);
        this.binder = new Binder(api, world, events, () -> loop.add(ROUND));
        pods.onChange(change -> loop.add(ROUND));
        nodes.onChange(change -> loop.add(ROUND));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(pods, nodes);
    }

    @Override
    public List<Loop<?>> loops() {
        List<Loop<?>> loops = new ArrayList<>(binder.loops());
        loops.add(loop);
        loops.add(events.loop());
        return loops;
    }

    private void round() {
        binder.refusals().forEach(this::takeBack);
        if (binder.busy()) {
            return; // it asks for a round when it has done enough
        }
        Snapshot<PodFacts> shown = pods.snapshot();
        verdicts.keepOnly(key -> Waiting.waits(shown, key));
        if (!floor.stopExpecting(pod -> !Waiting.waits(shown, pod.key())).isEmpty()) {
            waiting.madeRoom();
        }
        Waiting.Due due = waiting.due(MOST, world.nanoTime(), floor);
        due.next().ifPresent(after -> loop.addAfter(ROUND, after));
        List<StatusException> problems = new ArrayList<>();
        for (PodFacts pod : due.pods()) {
            try {
                schedule(pod);
            } catch (StatusException e) {
                problems.add(e); // one Pod's trouble is not that of the others
            }
        }
        if (!problems.isEmpty()) {
            throw problems.getFirst();
        }
    }

    /** Decides for one Pod and does it. */
    private void schedule(PodFacts pod) {
        long relief = waiting.relief(pod); // first: what changes from here on may not be seen
        if (pod.gated()) {
            verdicts.gated(pod);
            waiting.failed(pod, relief, world.nanoTime());
            return;
        }
        Optional<String> hopeless = waiting.hopeless(pod);
        if (hopeless.isPresent()) {
            verdicts.unschedulable(pod, hopeless.get(), "");
            waiting.failed(pod, relief, world.nanoTime());
            return;
        }
        floor.stopExpecting(other -> other.key().equals(pod.key()) || other.priority() < pod.priority())
                .forEach(waiting::again);
        Situation situation = floor.current();
        switch (Choice.of(pod, situation, from)) {
            case Choice.Node node -> {
                from = (from + node.seen()) % situation.rooms().size();
                floor.place(pod, node.name()); // first: the mirror may show it before it is written
                binder.add(pod.on(node.name()));
            }
            case Choice.None none -> {
                verdicts.unschedulable(pod, none.message(), "");
                waiting.foundHopeless(pod, relief, none.message());
                waiting.failed(pod, relief, world.nanoTime());
            }
            case Choice.MakeRoom room -> {
                if (!roomIsBeingMade(pod, situation)) {
                    verdicts.unschedulable(pod, room.message(), room.name());
                    room.victims().forEach(victim -> evict(victim, pod, room.name()));
                }
                floor.expect(pod, room.name());
                waiting.failed(pod, relief, world.nanoTime());
            }
        }
    }

    private static boolean roomIsBeingMade(PodFacts pod, Situation situation) {
        return situation.room(pod.nominated()).stream()
                .flatMap(room -> room.pods().stream())
                .anyMatch(other -> other.deleting() && other.priority() < pod.priority());
    }

    /** A Pod could not be bound: it waits again, and is told why unless it is bound or deleted meanwhile. */
    private void takeBack(Binder.Refusal refusal) {
        PodFacts pod = refusal.pod();
        RuntimeException problem = refusal.problem();
        floor.clear(pod);
        boolean news = waiting.refused(pod, world.nanoTime());
        boolean late = problem instanceof StatusException status
                && (status.is(Reason.CONFLICT) || status.is(Reason.NOT_FOUND));
        if (late) {
            return;
        }
        if (news) {
            LOG.log(System.Logger.Level.WARNING, "{0}: not bound to {1}: {2}", pod.key(), pod.nodeName(), problem);
        }
        events.warning(
                Verdicts.about(pod),
                "FailedScheduling",
                "binding rejected: running Bind plugin \"DefaultBinder\": " + problem.getMessage());
    }

    private void evict(PodFacts victim, PodFacts pod, String node) {
        try {
            api.patch(
                    victim.key().in(PODS).withSubresource("status"),
                    new Patch.Strategic(preempted(victim)),
                    WriteOptions.by(NAME));
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

    /** That a Pod has to go, and not by its own fault: whoever counts failures is to leave this one out. */
    private ObjectNode preempted(PodFacts victim) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("uid", victim.uid());
        patch.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "DisruptionTarget")
                .put("status", "True")
                .put("reason", "PreemptionByScheduler")
                .put("message", NAME + ": preempting to accommodate a higher priority pod")
                .put(
                        "lastTransitionTime",
                        world.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return patch;
    }
}
