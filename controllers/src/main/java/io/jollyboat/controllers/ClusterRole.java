package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.selectors.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A ClusterRole.
 *
 * @param gathers which roles' rules it takes over, those of each selector in turn; empty for a role with rules of its own
 */
record ClusterRole(
        Metadata metadata, Map<String, String> labels, Optional<List<LabelSelector>> gathers, List<JsonNode> rules)
        implements Mirrored {
    ClusterRole {
        labels = Map.copyOf(labels);
        gathers = gathers.map(List::copyOf);
        rules = List.copyOf(rules);
    }

    static ClusterRole of(ObjectNode object) {
        JsonNode aggregation = object.path("aggregationRule");
        return new ClusterRole(
                Metadata.of(object),
                Meta.labels(object),
                aggregation.isObject()
                        ? Optional.of(aggregation
                                .path("clusterRoleSelectors")
                                .valueStream()
                                .map(LabelSelector::of)
                                .toList())
                        : Optional.empty(),
                object.path("rules").valueStream().toList());
    }
}
