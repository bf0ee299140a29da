package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Trees;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives a new Pod what its RuntimeClass says of it: overhead, and where it may run; a class that is not there refuses it.
 *
 * <p>Source: Kubernetes' RuntimeClass admission controller.
 */
final class RuntimeClasses implements Step {
    private static final Resource CLASS = Resources.kind("node.k8s.io/v1", "RuntimeClass");
    private static final String OVERHEAD = "overhead";

    private final Storage storage;

    RuntimeClasses(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void take(Write write) {
        if (!write.isCreationOf("pods")) {
            return;
        }
        ObjectNode spec = write.after().withObjectProperty("spec");
        Optional<ObjectNode> chosen =
                chosen(write.target(), spec.path("runtimeClassName").stringValue(""));
        JsonNode fixed = chosen.map(c -> c.path(OVERHEAD).path("podFixed"))
                .filter(JsonNode::isObject)
                .orElseGet(spec::objectNode);
        JsonNode asked = spec.path(OVERHEAD);
        if (!asked.isEmpty() && fixed.isEmpty()) {
            throw refused(write.target(), "Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }
        if (!asked.isEmpty() && !Trees.equal(asked, fixed)) {
            throw refused(write.target(), "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
        if (!fixed.isEmpty()) {
            spec.set(OVERHEAD, fixed.deepCopy());
        }
        chosen.ifPresent(c -> schedule(write.target(), spec, c.path("scheduling")));
    }

    private Optional<ObjectNode> chosen(Target pod, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(storage.get(Target.of(CLASS, "", name))
                .orElseThrow(() -> refused(pod, "RuntimeClass \"%s\" not found".formatted(name)))
                .object());
    }

    private static void schedule(Target pod, ObjectNode spec, JsonNode scheduling) {
        for (Map.Entry<String, JsonNode> label : scheduling.path("nodeSelector").properties()) {
            ObjectNode selector = spec.withObjectProperty("nodeSelector");
            JsonNode present = selector.path(label.getKey());
            if (!present.isMissingNode() && !present.equals(label.getValue())) {
                throw refused(
                        pod,
                        "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s"
                                .formatted(
                                        label.getKey(),
                                        label.getValue().asString(),
                                        label.getKey(),
                                        present.asString()));
            }
            selector.set(label.getKey(), label.getValue());
        }
        for (JsonNode toleration : scheduling.path("tolerations")) {
            ArrayNode tolerations = spec.withArrayProperty("tolerations");
            if (tolerations.valueStream().noneMatch(toleration::equals)) {
                tolerations.add(toleration.deepCopy());
            }
        }
    }

    private static StatusException refused(Target pod, String why) {
        return StatusException.forbidden(pod, "pod rejected: " + why);
    }
}
