package io.jollyboat.node;

import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Pod.Container;
import java.util.List;
import java.util.Optional;

/** A Pod's phase, from the last runs of its containers (Kubernetes' documentation, "Pod lifecycle"). */
enum Phase {
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Nothing of it will start again. */
    boolean ended() {
        return this == SUCCEEDED || this == FAILED;
    }

    static Phase of(Pod pod, Observed seen) {
        boolean begun =
                pod.containers().stream().anyMatch(c -> seen.last(c.name()).isPresent());
        for (Container container : pod.initContainers()) {
            Optional<Run> last = seen.last(container.name());
            if (container.sidecar() || begun) {
                continue;
            }
            if (last.isPresent()
                    && last.get().ended()
                    && !last.get().succeeded()
                    && !restarts(pod, container, last.get())) {
                return FAILED;
            }
            if (last.filter(Run::succeeded).isEmpty()) {
                return PENDING;
            }
        }
        List<Optional<Run>> runs =
                pod.containers().stream().map(c -> seen.last(c.name())).toList();
        if (runs.stream().anyMatch(run -> run.isEmpty() || run.get().state() == Observed.State.CREATED)) {
            return PENDING;
        }
        boolean goesOn = pod.containers().stream()
                .anyMatch(c -> seen.last(c.name())
                        .filter(run -> run.running() || restarts(pod, c, run))
                        .isPresent());
        if (goesOn) {
            return RUNNING;
        }
        return runs.stream().allMatch(run -> run.filter(Run::succeeded).isPresent()) ? SUCCEEDED : FAILED;
    }

    /** Whether a container that ended is started again. */
    static boolean restarts(Pod pod, Container container, Run run) {
        return switch (pod.restartPolicy()) {
            case "Never" -> container.sidecar();
            case "OnFailure" -> container.sidecar() || !run.succeeded();
            default -> !container.init() || container.sidecar() || !run.succeeded();
        };
    }
}
