package io.jollyboat.api.kinds;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The cells of Pods. */
final class PodCells {
    static final Map<String, Cell.Rule> RULES = Map.of(
            "podReady", args -> (pod, now) -> PodState.of(pod).readyText(),
            "podStatus", args -> (pod, now) -> PodState.of(pod).reason(),
            "podRestarts", args -> (pod, now) -> restarts(PodState.of(pod), now),
            "readinessGates", args -> (pod, now) -> readinessGates(pod));

    private PodCells() {}

    private static String restarts(PodState state, Instant now) {
        Optional<Instant> last = state.lastRestart();
        return state.restarts() == 0 || last.isEmpty()
                ? String.valueOf(state.restarts())
                : state.restarts() + " (" + HumanDuration.of(java.time.Duration.between(last.get(), now)) + " ago)";
    }

    private static String readinessGates(ObjectNode pod) {
        JsonNode gates = pod.path("spec").path("readinessGates");
        int met = 0;
        for (JsonNode gate : gates) {
            String type = gate.path("conditionType").asString("");
            met += TextCells.condition(pod, "status.conditions", type, "status").equals("True") ? 1 : 0;
        }
        return gates.isEmpty() ? TextCells.NONE : met + "/" + gates.size();
    }
}
