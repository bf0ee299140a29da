package io.jollyboat.api.kinds;

import io.jollyboat.api.Quantity;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How well a Pod is served when the node runs short: Guaranteed where every container limits cpu and memory to what it
 * requests, BestEffort where none names either, else Burstable.
 */
public final class QosClass {
    private static final List<String> COUNTED = List.of("cpu", "memory");
    private static final List<Path> CONTAINERS =
            List.of(Path.of("spec.containers[]"), Path.of("spec.initContainers[]"));

    private QosClass() {}

    static void set(ObjectNode pod) {
        DefaultRules.ensureObject(pod, "status").put("qosClass", of(pod));
    }

    public static String of(JsonNode pod) {
        JsonNode whole = pod.path("spec").path("resources");
        List<JsonNode> asked = namesAny(whole)
                ? List.of(whole)
                : CONTAINERS.stream()
                        .flatMap(path -> path.all(pod).stream())
                        .map(container -> container.path("resources"))
                        .toList();
        if (asked.stream().noneMatch(QosClass::namesAny)) {
            return "BestEffort";
        }
        return asked.stream().allMatch(QosClass::isGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static boolean namesAny(JsonNode resources) {
        return COUNTED.stream()
                .anyMatch(name ->
                        isPositive(resources.path("limits"), name) || isPositive(resources.path("requests"), name));
    }

    private static boolean isGuaranteed(JsonNode resources) {
        return COUNTED.stream().allMatch(name -> {
            Optional<Quantity> limit = amount(resources.path("limits"), name);
            Optional<Quantity> request = amount(resources.path("requests"), name);
            return limit.isPresent() && (request.isEmpty() || request.get().compareTo(limit.get()) == 0);
        });
    }

    private static boolean isPositive(JsonNode amounts, String name) {
        return amount(amounts, name).isPresent();
    }

    /** Zero counts as not named. */
    private static Optional<Quantity> amount(JsonNode amounts, String name) {
        return Quantity.parse(amounts.path(name).asString("")).filter(quantity -> !quantity.isZero());
    }
}
