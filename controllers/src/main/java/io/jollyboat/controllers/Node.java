package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the node controllers need of a Node.
 *
 * @param heartbeat of its Ready condition, as the node wrote it: only whether it changes is of interest
 * @param region by its label, "" where it has none; the same for {@code zone}
 * @param milliProcessors that Pods may have, 0 where it is not known
 * @param controlPlane whether it is labelled as one that serves the cluster itself
 */
record Node(
        Metadata metadata,
        String resourceVersion,
        Instant created,
        boolean unschedulable,
        List<Taint> taints,
        List<Condition> conditions,
        String heartbeat,
        String region,
        String zone,
        long milliProcessors,
        boolean controlPlane)
        implements Mirrored {
    static final String READY = "Ready";

    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";

    Node {
        taints = List.copyOf(taints);
        conditions = List.copyOf(conditions);
    }

    static Node of(ObjectNode object) {
        String heartbeat = "";
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").stringValue("").equals(READY)) {
                heartbeat = condition.path("lastHeartbeatTime").stringValue("");
            }
        }
        return new Node(
                Metadata.of(object),
                object.path("metadata").path("resourceVersion").stringValue(""),
                Condition.time(object.path("metadata").path("creationTimestamp").stringValue("")),
                object.path("spec").path("unschedulable").booleanValue(false),
                Taint.all(object),
                Condition.all(object),
                heartbeat,
                Meta.label(object, REGION).orElse(""),
                Meta.label(object, ZONE).orElse(""),
                milliProcessors(object),
                Meta.labels(object).containsKey("node-role.kubernetes.io/control-plane"));
    }

    private static long milliProcessors(ObjectNode object) {
        return Quantity.parse(
                        object.path("status").path("allocatable").path("cpu").asString(""))
                .map(cpu -> cpu.value().movePointRight(3).longValue())
                .orElse(0L);
    }

    /** Whether another version of it counts the same where traffic is shared out by zones. */
    boolean sharesLike(Node other) {
        return zone.equals(other.zone)
                && milliProcessors == other.milliProcessors
                && controlPlane == other.controlPlane
                && condition(READY).equals(other.condition(READY));
    }

    /** The status of a condition; {@code Unknown} where it is missing. */
    String condition(String type) {
        return Condition.find(conditions, type).map(Condition::status).orElse(Condition.UNKNOWN);
    }

    Optional<Condition> ready() {
        return Condition.find(conditions, READY);
    }

    /** Nodes with the same one are likely to fail together. */
    String evictionZone() {
        return region + "/" + zone;
    }

    String name() {
        return metadata.key().name();
    }
}
