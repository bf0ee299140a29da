package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.selectors.LabelSelector;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What its controller needs of a PodDisruptionBudget.
 *
 * @param selector of nothing where the budget has none; of all Pods of the namespace where it is empty
 * @param minAvailable a number or a percentage, as text, or "" where it is not said; likewise {@code maxUnavailable}
 * @param disrupted when the Pods were evicted that may not have gone yet, by name
 * @param allowed its condition {@link #ALLOWED}, if it has that
 */
record Budget(
        Metadata metadata,
        long generation,
        LabelSelector selector,
        String minAvailable,
        String maxUnavailable,
        Map<String, Instant> disrupted,
        Optional<Condition> allowed)
        implements Mirrored {
    /** The condition that says whether a Pod may be evicted now. */
    static final String ALLOWED = "DisruptionAllowed";

    Budget {
        disrupted = Map.copyOf(disrupted);
    }

    static Budget of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        Map<String, Instant> disrupted = new TreeMap<>();
        object.path("status")
                .path("disruptedPods")
                .forEachEntry((name, time) -> disrupted.put(name, Condition.time(time.stringValue(""))));
        return new Budget(
                Metadata.of(object),
                Meta.generation(object),
                spec.path("selector").isObject() ? LabelSelector.of(spec.path("selector")) : LabelSelector.NOTHING,
                spec.path("minAvailable").asString(""),
                spec.path("maxUnavailable").asString(""),
                disrupted,
                Condition.find(Condition.all(object), ALLOWED));
    }

    boolean covers(Pod pod) {
        return pod.metadata().key().namespace().equals(metadata.key().namespace()) && selector.matches(pod.labels());
    }
}
