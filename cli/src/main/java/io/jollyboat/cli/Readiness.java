package io.jollyboat.cli;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.cluster.ClusterException;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Waits until what was applied does its work, and says what stands in the way when it does not. */
final class Readiness {
    private static final Duration STEP = Duration.ofMillis(50);

    private final Api api;
    private final World world;

    Readiness(Api api, World world) {
        this.api = api;
        this.world = world;
    }

    /**
     * Waits for all.
     *
     * @throws ClusterException naming the first that is not ready, and why, when the time is over
     */
    void await(List<Target> targets, Duration limit) {
        long end = world.nanoTime() + limit.toNanos();
        for (Target target : targets) {
            while (missing(target).isPresent()) {
                if (world.nanoTime() - end > 0) {
                    throw new ClusterException(
                            missing(target).orElse("") + " after " + limit.toSeconds() + " s" + reasons(target));
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            world.sleep(STEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while waiting", e);
        }
    }

    /** What an object still lacks; empty when it is ready or of a kind that has no such state. */
    private Optional<String> missing(Target target) {
        try {
            return missing(target, api.get(target));
        } catch (StatusException e) {
            return Optional.of(target + " is not there");
        }
    }

    static Optional<String> missing(Target target, JsonNode object) {
        JsonNode status = object.path("status");
        long wanted = object.path("spec").path("replicas").asLong(1);
        boolean seen = status.path("observedGeneration").asLong(0)
                >= object.path("metadata").path("generation").asLong(0);
        boolean ready = switch (target.resource().kind()) {
            case "Deployment" ->
                seen
                        && status.path("updatedReplicas").asLong(0) >= wanted
                        && status.path("availableReplicas").asLong(0) >= wanted;
            case "ReplicaSet", "StatefulSet", "ReplicationController" ->
                seen && status.path("readyReplicas").asLong(0) >= wanted;
            case "DaemonSet" ->
                seen
                        && status.path("numberReady").asLong(0)
                                >= status.path("desiredNumberScheduled").asLong(0);
            case "Pod", "Node" -> condition(status, "Ready");
            default -> true;
        };
        return ready ? Optional.empty() : Optional.of(target + " is not ready");
    }

    private static boolean condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    /** Why containers of the namespace wait, one line each. */
    private String reasons(Target target) {
        List<String> lines = new ArrayList<>();
        for (JsonNode pod : api.list(Resources.kind("v1", "Pod"), target.namespace(), ListOptions.ALL)
                .items()) {
            for (JsonNode container : pod.path("status").path("containerStatuses")) {
                JsonNode waiting = container.path("state").path("waiting");
                if (!waiting.isMissingNode()) {
                    lines.add("\n  Pod " + pod.path("metadata").path("name").asString("") + ": "
                            + waiting.path("reason").asString("") + " "
                            + waiting.path("message").asString(""));
                }
            }
        }
        return String.join("", lines);
    }
}
