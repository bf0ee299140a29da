package io.jollyboat.api.quota;

import io.jollyboat.api.Quantity;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What a whole Pod requests or is limited to: its containers together with its sidecars, or more where an init container
 * needs more on its own.
 *
 * <p>Source: Kubernetes concepts, "Init containers", "Resource sharing within containers".
 */
final class PodAmounts {
    private PodAmounts() {}

    /** @param list {@code requests} or {@code limits} */
    static Map<String, Quantity> of(JsonNode spec, String list) {
        Map<String, Quantity> together = new TreeMap<>();
        for (JsonNode container : spec.path("containers")) {
            add(together, container, list);
        }
        Map<String, Quantity> sidecars = new TreeMap<>();
        Map<String, Quantity> peak = new TreeMap<>();
        for (JsonNode container : spec.path("initContainers")) {
            if (container.path("restartPolicy").asString("").equals("Always")) {
                add(sidecars, container, list);
                atLeast(peak, sidecars);
            } else {
                Map<String, Quantity> alone = new TreeMap<>(sidecars);
                add(alone, container, list);
                atLeast(peak, alone);
            }
        }
        sidecars.forEach((name, amount) -> together.merge(name, amount, Quantity::plus));
        atLeast(together, peak);
        together.putAll(read(spec.path("resources").path(list)));
        read(spec.path("overhead")).forEach((name, amount) -> {
            if (list.equals("requests") || together.containsKey(name)) {
                together.merge(name, amount, Quantity::plus);
            }
        });
        return together;
    }

    private static void add(Map<String, Quantity> sum, JsonNode container, String list) {
        read(container.path("resources").path(list)).forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
    }

    private static void atLeast(Map<String, Quantity> amounts, Map<String, Quantity> floor) {
        floor.forEach((name, amount) -> amounts.merge(name, amount, (a, b) -> a.compareTo(b) >= 0 ? a : b));
    }

    static Map<String, Quantity> read(JsonNode amounts) {
        Map<String, Quantity> read = new TreeMap<>();
        amounts.forEachEntry((name, value) -> Quantity.parse(value.asString("")).ifPresent(q -> read.put(name, q)));
        return read;
    }
}
