package io.jollyboat.server;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lets a new Pod stay for five minutes on a node that is not ready or not reachable, unless it says otherwise. */
final class DefaultTolerations implements Step {
    private static final List<String> TAINTS =
            List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
    private static final int SECONDS = 300;

    @Override
    public void take(Write write) {
        if (!write.kind().equals("pods") || !write.target().subresource().isEmpty()) {
            return;
        }
        ObjectNode spec = write.after().withObjectProperty("spec");
        ArrayNode tolerations =
                spec.path("tolerations") instanceof ArrayNode present ? present : spec.putArray("tolerations");
        for (String taint : TAINTS) {
            if (!tolerates(tolerations, taint)) {
                tolerations
                        .addObject()
                        .put("key", taint)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", SECONDS);
            }
        }
    }

    private static boolean tolerates(ArrayNode tolerations, String taint) {
        for (JsonNode toleration : tolerations) {
            String key = toleration.path("key").stringValue("");
            String effect = toleration.path("effect").stringValue("");
            if ((key.equals(taint) || key.isEmpty()) && (effect.isEmpty() || effect.equals("NoExecute"))) {
                return true;
            }
        }
        return false;
    }
}
