package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.Quantity;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Amounts of resources by name: cpu in thousandths, everything else in whole units (bytes, pieces).
 *
 * @param of never holds zero
 */
record Amounts(Map<String, Long> of) {
    static final Amounts NONE = new Amounts(Map.of());
    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String PODS = "pods";

    Amounts {
        of = Collections.unmodifiableMap(new TreeMap<>(of));
    }

    /** Reads an object of quantities; what is no quantity counts as nothing (validation has refused it before). */
    static Amounts read(JsonNode quantities) {
        Map<String, Long> amounts = new TreeMap<>();
        quantities.properties().forEach(entry -> {
            Quantity quantity = Quantity.parse(entry.getValue().asString("")).orElse(Quantity.ZERO);
            long amount = entry.getKey().equals(CPU) ? quantity.milli() : quantity.units();
            if (amount != 0) {
                amounts.put(entry.getKey(), amount);
            }
        });
        return new Amounts(amounts);
    }

    /**
     * What a Pod asks of a node: the sum of its containers, or of the largest step of its initialisation, whichever is
     * more; restartable init containers (sidecars) run beside all that follow them; and the overhead. One piece of
     * {@code pods} for the Pod itself. Source: KEP-753, "Resources calculation for scheduling".
     */
    static Amounts requestedBy(JsonNode podSpec) {
        Amounts running = NONE;
        for (JsonNode container : podSpec.path("containers")) {
            running = running.plus(requests(container));
        }
        Amounts sidecars = NONE;
        Amounts starting = NONE;
        for (JsonNode container : podSpec.path("initContainers")) {
            if (container.path("restartPolicy").asString("").equals("Always")) {
                sidecars = sidecars.plus(requests(container));
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(requests(container)));
            }
        }
        return running.plus(sidecars)
                .max(starting)
                .plus(read(podSpec.path("overhead")))
                .plus(new Amounts(Map.of(PODS, 1L)));
    }

    private static Amounts requests(JsonNode container) {
        return read(container.path("resources").path("requests"));
    }

    long get(String resource) {
        return of.getOrDefault(resource, 0L);
    }

    Amounts plus(Amounts other) {
        Map<String, Long> sum = new TreeMap<>(of);
        other.of.forEach((name, amount) -> sum.merge(name, amount, Long::sum));
        return new Amounts(sum);
    }

    Amounts max(Amounts other) {
        Map<String, Long> larger = new TreeMap<>(of);
        other.of.forEach((name, amount) -> larger.merge(name, amount, Math::max));
        return new Amounts(larger);
    }
}
