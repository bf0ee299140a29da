package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Key;
import io.jollyboat.world.World;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tells users why a Pod has no node yet: its condition PodScheduled and an event, each time the reason changes. */
final class Verdicts {
    private static final Resource PODS = Resources.kind("v1", "Pod");

    private final Api api;
    private final World world;
    private final EventRecorder events;

    /** What was told last. */
    private final Map<Key, Told> told = new HashMap<>();

    private record Told(String uid, String news) {}

    Verdicts(Api api, World world, EventRecorder events) {
        this.api = api;
        this.world = world;
        this.events = events;
    }

    /** @param nominated the node on which room is made for it, "" for none */
    void unschedulable(PodFacts pod, String message, String nominated) {
        if (tell(pod, "Unschedulable", message, nominated)) {
            events.warning(about(pod), "FailedScheduling", message);
        }
    }

    void gated(PodFacts pod) {
        tell(pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates", "");
    }

    void keepOnly(Predicate<Key> waiting) {
        told.keySet().removeIf(waiting.negate());
    }

    static EventRecorder.About about(PodFacts pod) {
        return new EventRecorder.About(
                "v1", "Pod", pod.key().namespace(), pod.key().name(), pod.uid(), "", "");
    }

    /** True when that is news. */
    private boolean tell(PodFacts pod, String reason, String message, String nominated) {
        Told news = new Told(pod.uid(), reason + " " + nominated + " " + message);
        if (news.equals(told.get(pod.key()))) {
            return false;
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode status = patch.putObject("status");
        if (!nominated.isEmpty()) {
            status.put("nominatedNodeName", nominated);
        }
        status.putArray("conditions")
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "False")
                .put("reason", reason)
                .put("message", message)
                .put(
                        "lastTransitionTime",
                        world.now().truncatedTo(ChronoUnit.SECONDS).toString());
        try {
            api.patch(
                    pod.key().in(PODS).withSubresource("status"),
                    new Patch.Strategic(patch),
                    WriteOptions.by(Scheduler.NAME));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return false;
            }
            throw e;
        }
        told.put(pod.key(), news);
        return true;
    }
}
