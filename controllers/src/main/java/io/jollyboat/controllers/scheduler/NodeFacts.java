package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.Meta;
import io.jollyboat.controllers.Taint;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the scheduler needs of a node. */
record NodeFacts(String name, JsonNode labels, List<Taint> taints, boolean unschedulable, Amounts allocatable) {
    static NodeFacts of(ObjectNode node) {
        return new NodeFacts(
                Meta.name(node),
                Meta.labelsNode(node),
                Taint.all(node),
                node.path("spec").path("unschedulable").asBoolean(false),
                Amounts.read(node.path("status").path("allocatable")));
    }

    /** The value of a topology label, "" where the node has no such label. */
    String domain(String topologyKey) {
        return labels.path(topologyKey).asString("");
    }
}
