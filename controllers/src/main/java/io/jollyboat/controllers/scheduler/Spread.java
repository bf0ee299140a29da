package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.selectors.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How evenly like Pods shall lie over the values of a label of nodes. Source: core/v1 TopologySpreadConstraint.
 *
 * @param maxSkew how much fuller than the emptiest a domain may be
 * @param mustHold false for a mere preference (ScheduleAnyway)
 * @param honourAffinity nodes that the Pod's own node affinity rules out are not counted
 * @param honourTaints nodes with taints that the Pod does not tolerate are not counted
 */
record Spread(
        int maxSkew,
        String topologyKey,
        boolean mustHold,
        LabelSelector selector,
        int minDomains,
        boolean honourAffinity,
        boolean honourTaints) {
    static List<Spread> read(JsonNode podSpec) {
        List<Spread> all = new ArrayList<>();
        for (JsonNode one : podSpec.path("topologySpreadConstraints")) {
            all.add(new Spread(
                    one.path("maxSkew").asInt(1),
                    one.path("topologyKey").asString(""),
                    !one.path("whenUnsatisfiable").asString("DoNotSchedule").equals("ScheduleAnyway"),
                    one.has("labelSelector") ? LabelSelector.of(one.path("labelSelector")) : LabelSelector.NOTHING,
                    one.path("minDomains").asInt(1),
                    !one.path("nodeAffinityPolicy").asString("Honor").equals("Ignore"),
                    one.path("nodeTaintsPolicy").asString("Ignore").equals("Honor")));
        }
        return all;
    }
}
