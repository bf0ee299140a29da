package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.selectors.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the Deployment controller needs of a Deployment.
 *
 * @param selectorText the selector as JSON
 * @param maxSurge a number or a percentage, as text; likewise {@code maxUnavailable}
 * @param deadline empty where progress has no deadline
 * @param historyLimit how many old ReplicaSets without Pods are kept
 */
record Deployment(
        Metadata metadata,
        String resourceVersion,
        long generation,
        Map<String, String> annotations,
        LabelSelector selector,
        String selectorText,
        int replicas,
        int minReadySeconds,
        boolean paused,
        boolean recreate,
        String maxSurge,
        String maxUnavailable,
        Optional<Duration> deadline,
        int historyLimit,
        PodTemplate template,
        Status status)
        implements Mirrored {
    /** The API's way to say that there is no deadline. */
    private static final int NO_DEADLINE = Integer.MAX_VALUE;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    record Status(
            long observedGeneration,
            int replicas,
            int updated,
            int ready,
            int available,
            int unavailable,
            int terminating,
            int collisions,
            List<Condition> conditions) {
        Status {
            conditions = List.copyOf(conditions);
        }

        Status withConditions(List<Condition> wanted) {
            return new Status(
                    observedGeneration,
                    replicas,
                    updated,
                    ready,
                    available,
                    unavailable,
                    terminating,
                    collisions,
                    wanted);
        }

        Status withCollisions(int wanted) {
            return new Status(
                    observedGeneration,
                    replicas,
                    updated,
                    ready,
                    available,
                    unavailable,
                    terminating,
                    wanted,
                    conditions);
        }

        Status observed(long generation) {
            return new Status(
                    Math.max(observedGeneration, generation),
                    replicas,
                    updated,
                    ready,
                    available,
                    unavailable,
                    terminating,
                    collisions,
                    conditions);
        }
    }

    Deployment {
        annotations = Map.copyOf(annotations);
    }

    static Deployment of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        JsonNode rolling = spec.path("strategy").path("rollingUpdate");
        int deadline = spec.path("progressDeadlineSeconds").intValue(NO_DEADLINE);
        return new Deployment(
                Metadata.of(object),
                Meta.resourceVersion(object),
                Meta.generation(object),
                Meta.annotations(object),
                spec.path("selector").isMissingNode() ? LabelSelector.NOTHING : LabelSelector.of(spec.path("selector")),
                MAPPER.writeValueAsString(spec.path("selector")),
                spec.path("replicas").intValue(1),
                spec.path("minReadySeconds").intValue(0),
                spec.path("paused").booleanValue(false),
                spec.path("strategy").path("type").stringValue("").equals("Recreate"),
                rolling.path("maxSurge").asString("25%"),
                rolling.path("maxUnavailable").asString("25%"),
                deadline == NO_DEADLINE ? Optional.empty() : Optional.of(Duration.ofSeconds(deadline)),
                spec.path("revisionHistoryLimit").intValue(Integer.MAX_VALUE),
                PodTemplate.of(object),
                status(object));
    }

    private static Status status(ObjectNode object) {
        JsonNode status = object.path("status");
        return new Status(
                status.path("observedGeneration").longValue(0),
                status.path("replicas").intValue(0),
                status.path("updatedReplicas").intValue(0),
                status.path("readyReplicas").intValue(0),
                status.path("availableReplicas").intValue(0),
                status.path("unavailableReplicas").intValue(0),
                status.path("terminatingReplicas").intValue(0),
                status.path("collisionCount").intValue(0),
                Condition.all(object));
    }

    /** How many Pods there may be beyond the wanted ones. */
    int surge() {
        return recreate ? 0 : scaled(maxSurge, true);
    }

    /**
     * How many of the wanted Pods may be missing. Surge is rounded up and this down; where both come to nothing, one
     * may be missing, or the rollout could never move (API reference, RollingUpdateDeployment).
     */
    int unavailable() {
        if (recreate || replicas == 0) {
            return 0;
        }
        int missing = scaled(maxUnavailable, false);
        return Math.min(missing == 0 && surge() == 0 ? 1 : missing, replicas);
    }

    String name() {
        return metadata.key().name();
    }

    private int scaled(String text, boolean up) {
        try {
            if (!text.endsWith("%")) {
                return Integer.parseInt(text);
            }
            long hundredths = (long) Integer.parseInt(text.substring(0, text.length() - 1)) * replicas;
            return (int) (up ? Math.ceilDiv(hundredths, 100L) : Math.floorDiv(hundredths, 100L));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
