package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What controllers need of a Pod.
 *
 * @param nodeName "" while it is not scheduled
 * @param readySince when its Ready condition last changed
 * @param deletionCost the lower, the sooner a shrinking ReplicaSet deletes it
 * @param restarts of its containers, in sum
 * @param backend what Services need of it
 * @param usage what it takes of what quotas limit
 * @param claims that its volumes are
 */
record Pod(
        Metadata metadata,
        Map<String, String> labels,
        Instant created,
        String nodeName,
        String phase,
        boolean ready,
        Instant readySince,
        int deletionCost,
        int restarts,
        List<Toleration> tolerations,
        Backend backend,
        Usage usage,
        List<ClaimUse> claims)
        implements Mirrored {
    static final Index<Pod> BY_NODE =
            new Index<>("node", pod -> pod.nodeName.isEmpty() ? List.of() : List.of(pod.nodeName));
    /** Pods that nobody controls, by namespace. */
    static final Index<Pod> ORPHANS = new Index<>(
            "orphans",
            pod -> pod.metadata.controller().isPresent()
                    ? List.of()
                    : List.of(pod.metadata.key().namespace()));
    /** Pods that have ended and are not being deleted, under one name. */
    static final Index<Pod> ENDED =
            new Index<>("ended", pod -> pod.finished() && !pod.metadata.deleting() ? List.of(Pod.FINISHED) : List.of());

    /** By namespace and each label, written as {@link #place}. */
    static final Index<Pod> BY_LABEL = new Index<>(
            "label",
            pod -> pod.labels.entrySet().stream()
                    .map(label -> place(pod.metadata.key().namespace(), label.getKey(), label.getValue()))
                    .toList());

    /** By namespace and name of each claim that they use. */
    static final Index<Pod> BY_CLAIM = new Index<>(
            "claim",
            pod -> pod.claims.stream()
                    .map(use -> new Key(pod.metadata.key().namespace(), use.claim()).toString())
                    .distinct()
                    .toList());

    private static final Resource KIND = Resources.kind("v1", "Pod");

    static final String FINISHED = "finished";
    static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    Pod {
        labels = Map.copyOf(labels);
        tolerations = List.copyOf(tolerations);
        claims = List.copyOf(claims);
    }

    static Pod of(ObjectNode object) {
        return of(object, UnaryOperator.identity());
    }

    /** @param shared gives the same usage for equal ones */
    static Pod of(ObjectNode object, UnaryOperator<Usage> shared) {
        Optional<Condition> ready = Condition.find(Condition.all(object), "Ready");
        JsonNode status = object.path("status");
        int restarts = 0;
        for (JsonNode container : status.path("containerStatuses")) {
            restarts += container.path("restartCount").intValue(0);
        }
        return new Pod(
                Metadata.of(object),
                Meta.labels(object),
                Meta.creationTimestamp(object).orElse(Instant.EPOCH),
                object.path("spec").path("nodeName").stringValue(""),
                status.path("phase").stringValue(""),
                ready.map(condition -> condition.is(Condition.TRUE)).orElse(false),
                ready.map(Condition::changed).orElse(Instant.EPOCH),
                Meta.annotation(object, DELETION_COST).map(Pod::cost).orElse(0),
                restarts,
                Toleration.all(object),
                Backend.of(object),
                shared.apply(Usage.of(KIND, object)),
                ClaimUse.of(object));
    }

    @Override
    public Optional<Usage> taken() {
        return Optional.of(usage);
    }

    /** Where {@link #BY_LABEL} has the Pods of a namespace with a label. */
    static String place(String namespace, String label, String value) {
        return namespace + "/" + label + "=" + value;
    }

    /** Whether a change of it to another state is of no interest to any Service. */
    boolean servesLike(Pod other) {
        return backend.equals(other.backend)
                && ready == other.ready
                && metadata.deleting() == other.metadata.deleting()
                && finished() == other.finished()
                && nodeName.equals(other.nodeName)
                && labels.equals(other.labels)
                && metadata.uid().equals(other.metadata.uid());
    }

    /** Whether it counts as a replica: it has not ended and is not going. */
    boolean active() {
        return !finished() && !metadata.deleting();
    }

    boolean finished() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Whether it has been ready for so long. */
    boolean available(int minReadySeconds, Instant now) {
        return ready
                && (minReadySeconds == 0
                        || !readySince.plusSeconds(minReadySeconds).isAfter(now));
    }

    private static int cost(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
