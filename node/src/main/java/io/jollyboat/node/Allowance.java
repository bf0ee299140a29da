package io.jollyboat.node;

import io.jollyboat.api.Quantity;
import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.v1.LinuxContainerResources;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Requests and limits in the kernel's terms. */
final class Allowance {
    private static final int PERIOD_MICROS = 100_000;
    private static final int SHARES_PER_CPU = 1024;
    private static final int LEAST_SHARES = 2;
    private static final int LEAST_QUOTA = 1000;
    private static final int BEST_EFFORT_SCORE = 1000;
    private static final int GUARANTEED_SCORE = -997;

    private Allowance() {}

    /** What a container may use; {@code memory} is the node's, for the score by which the kernel ends processes. */
    static LinuxContainerResources of(Pod pod, Container container, long memory) {
        JsonNode resources = container.spec().path("resources");
        Optional<Quantity> cpuLimit = quantity(resources, "limits", "cpu");
        Optional<Quantity> cpu = quantity(resources, "requests", "cpu").or(() -> cpuLimit);
        Optional<Quantity> memoryLimit = quantity(resources, "limits", "memory");
        Optional<Quantity> memoryRequest =
                quantity(resources, "requests", "memory").or(() -> memoryLimit);
        var builder = LinuxContainerResources.newBuilder();
        builder.setCpuShares(Math.max(LEAST_SHARES, cpu.map(Quantity::milli).orElse(0L) * SHARES_PER_CPU / 1000));
        builder.setCpuPeriod(PERIOD_MICROS);
        cpuLimit.filter(limit -> !limit.isZero())
                .ifPresent(limit -> builder.setCpuQuota(Math.max(LEAST_QUOTA, limit.milli() * PERIOD_MICROS / 1000)));
        memoryLimit.ifPresent(limit -> builder.setMemoryLimitInBytes(limit.units()));
        builder.setOomScoreAdj(
                score(qosClass(pod), memoryRequest.map(Quantity::units).orElse(0L), memory));
        return builder.build();
    }

    private static int score(String qosClass, long request, long memory) {
        return switch (qosClass) {
            case "Guaranteed" -> GUARANTEED_SCORE;
            case "BestEffort" -> BEST_EFFORT_SCORE;
            default -> {
                long score = 1000 - 1000 * request / Math.max(1, memory);
                yield (int) Math.min(BEST_EFFORT_SCORE - 1, Math.max(1000 + GUARANTEED_SCORE, score));
            }
        };
    }

    /** Kubernetes' documentation, "Pod Quality of Service Classes". */
    static String qosClass(Pod pod) {
        boolean any = false;
        boolean guaranteed = true;
        for (Container container : pod.allContainers()) {
            JsonNode resources = container.spec().path("resources");
            for (String name : List.of("cpu", "memory")) {
                Optional<Quantity> limit = quantity(resources, "limits", name);
                Optional<Quantity> request = quantity(resources, "requests", name);
                any |= limit.isPresent() || request.isPresent();
                guaranteed &=
                        limit.isPresent() && (request.isEmpty() || request.get().compareTo(limit.get()) == 0);
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    static Optional<Quantity> quantity(JsonNode resources, String list, String name) {
        JsonNode node = resources.path(list).path(name);
        return Quantity.parse(node.isNumber() ? node.numberValue().toString() : node.stringValue(""))
                .filter(quantity -> !quantity.isZero());
    }
}
