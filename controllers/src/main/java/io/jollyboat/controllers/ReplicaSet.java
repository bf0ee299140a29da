package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.selectors.LabelSelector;
import io.jollyboat.client.Index;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What controllers need of a ReplicaSet or a ReplicationController. */
record ReplicaSet(
        Metadata metadata,
        String resourceVersion,
        long generation,
        Instant created,
        Map<String, String> labels,
        Map<String, String> annotations,
        LabelSelector selector,
        int replicas,
        int minReadySeconds,
        PodTemplate template,
        Status status)
        implements Mirrored {

    /** Sets that nobody controls, by namespace. */
    static final Index<ReplicaSet> ORPHANS = new Index<>(
            "orphans",
            set -> set.metadata.controller().isPresent()
                    ? List.of()
                    : List.of(set.metadata.key().namespace()));

    /** Its status. {@code terminating} is not kept by ReplicationControllers. */
    record Status(
            long observedGeneration,
            int replicas,
            int fullyLabeled,
            int ready,
            int available,
            int terminating,
            List<Condition> conditions) {
        Status {
            conditions = List.copyOf(conditions);
        }
    }

    ReplicaSet {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    static ReplicaSet of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        JsonNode status = object.path("status");
        JsonNode selector = spec.path("selector");
        boolean structured = selector.has("matchLabels") || selector.has("matchExpressions");
        return new ReplicaSet(
                Metadata.of(object),
                Meta.resourceVersion(object),
                Meta.generation(object),
                Meta.creationTimestamp(object).orElse(Instant.EPOCH),
                Meta.labels(object),
                Meta.annotations(object),
                selector(selector, structured),
                spec.path("replicas").intValue(1),
                spec.path("minReadySeconds").intValue(0),
                PodTemplate.of(object),
                new Status(
                        status.path("observedGeneration").longValue(0),
                        status.path("replicas").intValue(0),
                        status.path("fullyLabeledReplicas").intValue(0),
                        status.path("readyReplicas").intValue(0),
                        status.path("availableReplicas").intValue(0),
                        status.path("terminatingReplicas").intValue(0),
                        Condition.all(object)));
    }

    /** A missing or empty selector selects nothing here. */
    private static LabelSelector selector(JsonNode selector, boolean structured) {
        if (selector.isEmpty()) {
            return LabelSelector.NOTHING;
        }
        LabelSelector read = structured ? LabelSelector.of(selector) : LabelSelector.ofLabels(selector);
        return read.isEverything() ? LabelSelector.NOTHING : read;
    }

    ReplicaSet withReplicas(int wanted) {
        return new ReplicaSet(
                metadata,
                resourceVersion,
                generation,
                created,
                labels,
                annotations,
                selector,
                wanted,
                minReadySeconds,
                template,
                status);
    }

    ReplicaSet withMinReadySeconds(int wanted) {
        return new ReplicaSet(
                metadata,
                resourceVersion,
                generation,
                created,
                labels,
                annotations,
                selector,
                replicas,
                wanted,
                template,
                status);
    }

    ReplicaSet withAnnotation(String key, String value) {
        Map<String, String> changed = new HashMap<>(annotations);
        changed.put(key, value);
        return withAnnotations(changed);
    }

    ReplicaSet withAnnotations(Map<String, String> wanted) {
        return new ReplicaSet(
                metadata,
                resourceVersion,
                generation,
                created,
                labels,
                wanted,
                selector,
                replicas,
                minReadySeconds,
                template,
                status);
    }

    String name() {
        return metadata.key().name();
    }
}
