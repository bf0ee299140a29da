package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.world.World;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pods/binding}: a scheduler puts a Pod on a node. */
final class Binding {
    static final Resource POD = Resources.kind("v1", "Pod");
    private static final Resource BINDING = Resources.kind("v1", "Binding");

    private final World world;
    private final Updating updating;

    Binding(World world, Updating updating) {
        this.world = world;
        this.updating = updating;
    }

    /**
     * Binds the Pod, once and for all.
     *
     * @param pod with the subresource {@code binding}
     * @throws StatusException 404, 409 when the Pod is bound or being deleted, 422 for a binding to no node
     */
    ObjectNode bind(User user, Target pod, ObjectNode binding, WriteOptions options) {
        String node = binding.path("target").path("name").stringValue("");
        String kind = binding.path("target").path("kind").stringValue("Node");
        if (node.isEmpty()) {
            throw invalid(pod, new Cause("FieldValueRequired", "Required value", "target.name"));
        }
        if (!kind.equals("Node") && !kind.isEmpty()) {
            String message = "Unsupported value: \"%s\": supported values: \"Node\", \"<empty>\"".formatted(kind);
            throw invalid(pod, new Cause("FieldValueNotSupported", message, "target.kind"));
        }
        updating.change(user, pod, options, Write.Origin.BODY, before -> {
            refuse(pod, before, binding);
            return bound(before.deepCopy(), binding, node);
        });
        return Statuses.success();
    }

    private static void refuse(Target pod, ObjectNode before, ObjectNode binding) {
        String uid = Meta.uid(binding);
        String bound = before.path("spec").path("nodeName").stringValue("");
        if (!uid.isEmpty() && !uid.equals(Meta.uid(before))) {
            throw conflict(
                    pod,
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(uid, Meta.uid(before)));
        }
        if (Meta.isBeingDeleted(before)) {
            throw conflict(pod, "pod %s is being deleted, cannot be assigned to a host".formatted(pod.name()));
        }
        if (!bound.isEmpty()) {
            throw conflict(pod, "pod %s is already assigned to node \"%s\"".formatted(pod.name(), bound));
        }
        if (!before.path("spec").path("schedulingGates").isEmpty()) {
            throw conflict(pod, "pod %s has non-empty .spec.schedulingGates".formatted(pod.name()));
        }
    }

    private ObjectNode bound(ObjectNode pod, ObjectNode binding, String node) {
        pod.withObjectProperty("spec").put("nodeName", node);
        for (String field : List.of("labels", "annotations")) {
            if (binding.path("metadata").path(field) instanceof ObjectNode added && !added.isEmpty()) {
                Meta.writable(pod).withObjectProperty(field).setAll(added);
            }
        }
        Conditions.set(pod, "PodScheduled", "True", "", "", world.now());
        return pod;
    }

    private static StatusException conflict(Target pod, String detail) {
        Resource named = new Resource(
                "", "v1", "Binding", "pods/binding", "", List.of(), true, BINDING.verbs(), List.of(), List.of());
        return StatusException.conflict(Target.of(named, pod.namespace(), pod.name()), detail);
    }

    private static StatusException invalid(Target pod, Cause cause) {
        return StatusException.invalid(BINDING, pod.name(), List.of(cause));
    }

    /** The Pod that a Binding posted to {@code bindings} means. */
    static Target pod(String namespace, JsonNode binding) {
        return new Target(POD, namespace, Meta.name(binding), "binding");
    }
}
