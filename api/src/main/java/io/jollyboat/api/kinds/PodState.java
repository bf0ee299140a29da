package io.jollyboat.api.kinds;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What {@code kubectl get pods} says of a Pod. The reason is found in steps, each of which may overrule the one before:
 * the phase or the Pod's own reason; how far the init containers are; once they are through, the first container that
 * has something to say; deletion.
 *
 * <p>Source: printPod of Kubernetes 1.35.
 */
final class PodState {
    private final JsonNode pod;
    private final Set<String> restartable = new HashSet<>();
    private String reason;
    private int total;
    private int ready;
    private long restarts;
    private long restartableRestarts;
    private Optional<Instant> lastRestart = Optional.empty();
    private Optional<Instant> lastRestartableRestart = Optional.empty();

    private PodState(JsonNode pod) {
        this.pod = pod;
        this.reason = TextCells.or(TextCells.text(pod, "status.reason"), TextCells.text(pod, "status.phase"));
    }

    static PodState of(JsonNode pod) {
        PodState state = new PodState(pod);
        if (TextCells.condition(pod, "status.conditions", "PodScheduled", "reason")
                .equals("SchedulingGated")) {
            state.reason = "SchedulingGated";
        }
        state.countContainers();
        boolean initializing = state.readInitContainers();
        if (!initializing || state.conditionIsTrue("Initialized")) {
            state.readContainers();
        }
        state.readDeletion();
        return state;
    }

    String reason() {
        return reason;
    }

    String readyText() {
        return ready + "/" + total;
    }

    long restarts() {
        return restarts;
    }

    Optional<Instant> lastRestart() {
        return lastRestart;
    }

    private void countContainers() {
        total = pod.path("spec").path("containers").size();
        for (JsonNode container : pod.path("spec").path("initContainers")) {
            if (container.path("restartPolicy").asString("").equals("Always")) {
                restartable.add(container.path("name").asString(""));
                total++;
            }
        }
    }

    /** True when an init container still keeps the others waiting; the reason then says which and why. */
    private boolean readInitContainers() {
        JsonNode statuses = pod.path("status").path("initContainerStatuses");
        for (int i = 0; i < statuses.size(); i++) {
            JsonNode status = statuses.get(i);
            boolean isRestartable = restartable.contains(status.path("name").asString(""));
            countRestarts(status);
            if (isRestartable) {
                restartableRestarts += status.path("restartCount").asLong(0);
                lastRestartableRestart = later(lastRestartableRestart, finished(status));
            }
            JsonNode terminated = status.path("state").path("terminated");
            if (terminated.isObject() && terminated.path("exitCode").asInt(0) == 0) {
                continue;
            }
            if (isRestartable && status.path("started").asBoolean(false)) {
                ready += status.path("ready").asBoolean(false) ? 1 : 0;
                continue;
            }
            reason = initReason(status, i);
            return true;
        }
        return false;
    }

    private String initReason(JsonNode status, int index) {
        JsonNode terminated = status.path("state").path("terminated");
        if (terminated.isObject()) {
            return "Init:" + ending(terminated);
        }
        String waiting = status.path("state").path("waiting").path("reason").asString("");
        return waiting.isEmpty() || waiting.equals("PodInitializing")
                ? "Init:" + index + "/"
                        + pod.path("spec").path("initContainers").size()
                : "Init:" + waiting;
    }

    private void readContainers() {
        restarts = restartableRestarts;
        lastRestart = lastRestartableRestart;
        boolean running = false;
        JsonNode statuses = pod.path("status").path("containerStatuses");
        for (int i = statuses.size() - 1; i >= 0; i--) {
            JsonNode status = statuses.get(i);
            countRestarts(status);
            JsonNode state = status.path("state");
            String waiting = state.path("waiting").path("reason").asString("");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (state.path("terminated").isObject()) {
                reason = ending(state.path("terminated"));
            } else if (state.path("running").isObject() && status.path("ready").asBoolean(false)) {
                running = true;
                ready++;
            }
        }
        if (reason.equals("Completed") && running) {
            reason = conditionIsTrue("Ready") ? "Running" : "NotReady";
        }
    }

    private void readDeletion() {
        String phase = TextCells.text(pod, "status.phase");
        if (TextCells.text(pod, "metadata.deletionTimestamp").isEmpty()) {
            return;
        }
        if (TextCells.text(pod, "status.reason").equals("NodeLost")) {
            reason = "Unknown";
        } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
            reason = "Terminating";
        }
    }

    private void countRestarts(JsonNode status) {
        restarts += status.path("restartCount").asLong(0);
        lastRestart = later(lastRestart, finished(status));
    }

    private boolean conditionIsTrue(String type) {
        return TextCells.condition(pod, "status.conditions", type, "status").equals("True");
    }

    private static String ending(JsonNode terminated) {
        String reason = terminated.path("reason").asString("");
        int signal = terminated.path("signal").asInt(0);
        if (!reason.isEmpty()) {
            return reason;
        }
        return signal != 0
                ? "Signal:" + signal
                : "ExitCode:" + terminated.path("exitCode").asInt(0);
    }

    private static Optional<Instant> finished(JsonNode status) {
        String time = TextCells.text(status, "lastState.terminated.finishedAt");
        try {
            return time.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(time));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(one.get().isAfter(other.get()) ? one.get() : other.get())
                : one.or(() -> other);
    }
}
