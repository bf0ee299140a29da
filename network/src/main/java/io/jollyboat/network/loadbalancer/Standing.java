package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.loadbalancer.Claims.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Service's status says of its load balancer.
 *
 * @param reason of the condition {@link #CONDITION}, "" where all is well and the condition is not there
 */
record Standing(List<Ingress> ingress, String reason, String message) {
    /** The condition that the API reference names for ports that a load balancer could not give; ours for addresses too. */
    static final String CONDITION = "LoadBalancerPortsError";

    static final Standing NONE = new Standing(List.of(), "", "");

    /** A name of its own error codes, as the API asks of everything but Kubernetes itself. */
    private static final String ERRORS = "jollyboat.io/";

    Standing {
        ingress = List.copyOf(ingress);
    }

    /** What the status says now. */
    static Standing of(ObjectNode service) {
        for (JsonNode condition : service.path("status").path("conditions")) {
            if (condition.path("type").stringValue("").equals(CONDITION)) {
                return new Standing(
                        Ingress.all(service),
                        condition.path("reason").stringValue(""),
                        condition.path("message").stringValue(""));
            }
        }
        return new Standing(Ingress.all(service), "", "");
    }

    /**
     * What it should say.
     *
     * @param ingress where the Service answers
     * @param refusals what it did not get
     */
    static Standing wanted(BalancedService service, List<Ingress> ingress, List<Refusal> refusals) {
        if (!service.ours()) {
            return NONE;
        }
        return refusals.isEmpty()
                ? new Standing(ingress, "", "")
                : new Standing(
                        ingress.stream()
                                .map(entry -> entry.withPorts(ports(service, refusals)))
                                .toList(),
                        refusals.getFirst().reason().text(),
                        refusals.stream().map(Refusal::detail).collect(Collectors.joining("; ")));
    }

    private static List<Ingress.Port> ports(BalancedService service, List<Refusal> refusals) {
        Map<Slot, String> errors = new HashMap<>();
        refusals.forEach(refusal -> refusal.slot()
                .ifPresent(slot -> errors.put(slot, ERRORS + refusal.reason().text())));
        return service.ports().stream()
                .map(Slot::of)
                .map(slot -> new Ingress.Port(slot, errors.getOrDefault(slot, "")))
                .toList();
    }

    boolean isError() {
        return !reason.isEmpty();
    }

    /** The strategic merge patch that makes a status say this; other conditions stay as they are. */
    ObjectNode patch(String uid, Instant now) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("uid", uid);
        ObjectNode status = patch.putObject("status");
        ObjectNode balancer = status.putObject("loadBalancer");
        if (ingress.isEmpty()) {
            balancer.putNull("ingress");
        } else {
            ArrayNode list = balancer.putArray("ingress");
            ingress.forEach(entry -> entry.writeTo(list));
        }
        ObjectNode condition = status.putArray("conditions").addObject().put("type", CONDITION);
        if (isError()) {
            condition
                    .put("status", "True")
                    .put("reason", reason)
                    .put("message", message)
                    .put(
                            "lastTransitionTime",
                            now.truncatedTo(ChronoUnit.SECONDS).toString());
        } else {
            condition.put("$patch", "delete");
        }
        return patch;
    }
}
