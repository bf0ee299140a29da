package io.jollyboat.node;

import io.jollyboat.api.Quantity;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.node.Pod.Container;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Changes of what containers may use while they run: what changed, whether it takes a restart, and whether the node has
 * room for it.
 *
 * <p>Source: KEP-1287 and Kubernetes' documentation, "Resize CPU and Memory Resources assigned to Containers".
 */
final class Resizing {
    private static final List<String> RESIZED = List.of("cpu", "memory");
    private static final List<String> LISTS = List.of("requests", "limits");

    private Resizing() {}

    /**
     * Why a resize has to wait.
     *
     * @param reason {@code Infeasible} or {@code Deferred}, as the Pod's condition shows it
     */
    record Obstacle(String reason, String message) {}

    /** Whether a run was given other amounts than its container asks for now. */
    static boolean differs(JsonNode given, JsonNode wanted) {
        return RESIZED.stream().anyMatch(name -> differs(given, wanted, name));
    }

    private static boolean differs(JsonNode given, JsonNode wanted, String name) {
        return LISTS.stream()
                .anyMatch(list -> !given.path(list)
                        .path(name)
                        .asString("")
                        .equals(wanted.path(list).path(name).asString("")));
    }

    /** Whether some of what changed is given only to a new run, as the container's resize policy says. */
    static boolean needsRestart(Container container, JsonNode given) {
        JsonNode wanted = container.spec().path("resources");
        for (JsonNode policy : container.spec().path("resizePolicy")) {
            String name = policy.path("resourceName").stringValue("");
            if (policy.path("restartPolicy").stringValue("").equals("RestartContainer")
                    && differs(given, wanted, name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What keeps the node from giving a Pod what it requests now; empty when nothing does.
     *
     * @param others the node's other Pods
     */
    static Optional<Obstacle> obstacle(Pod pod, Collection<Pod> others, Capacity capacity) {
        for (String name : RESIZED) {
            Quantity has = capacity.of(name).orElse(Quantity.ZERO);
            Quantity wanted = requested(pod, name);
            if (wanted.compareTo(has) > 0) {
                return Optional.of(new Obstacle(
                        "Infeasible",
                        "Node didn't have enough capacity: %s, requested: %d, capacity: %d"
                                .formatted(name, number(name, wanted), number(name, has))));
            }
            Quantity together = others.stream()
                    .filter(other -> !other.uid().equals(pod.uid()) && !other.ended())
                    .map(other -> requested(other, name))
                    .reduce(wanted, Quantity::plus);
            if (together.compareTo(has) > 0) {
                return Optional.of(new Obstacle("Deferred", "Node didn't have enough resource: " + name));
            }
        }
        return Optional.empty();
    }

    private static Quantity requested(Pod pod, String name) {
        return Usage.of(Pod.RESOURCE, pod.object()).amounts().getOrDefault(name, Quantity.ZERO);
    }

    private static long number(String name, Quantity quantity) {
        return name.equals("cpu") ? quantity.milli() : quantity.units();
    }
}
