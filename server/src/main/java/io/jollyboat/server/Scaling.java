package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.selectors.LabelSelector;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The subresource {@code scale}: an autoscaling/v1 Scale stands for the replicas of a workload. */
final class Scaling {
    private static final Resource SCALE = new Resource(
            "autoscaling", "v1", "Scale", "scales", "scale", List.of(), true, Set.of(), List.of(), List.of());
    private static final Resource REPLICATION_CONTROLLER = Resources.kind("v1", "ReplicationController");
    private static final List<String> METADATA =
            List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp");

    private final Schema schema;
    private final Patched patched;
    private final Identity identity;
    private final Storage storage;
    private final Updating updating;

    Scaling(Schema schema, Identity identity, Storage storage, Updating updating) {
        this.schema = schema;
        this.patched = new Patched(schema);
        this.identity = identity;
        this.storage = storage;
        this.updating = updating;
    }

    ObjectNode get(Target target) {
        return view(
                target,
                storage.get(target)
                        .orElseThrow(() -> StatusException.notFound(target))
                        .object());
    }

    /**
     * Sets the replicas.
     *
     * @throws StatusException 409 for a stale resourceVersion, 422 for a negative number
     */
    ObjectNode update(User user, Target target, ObjectNode scale, WriteOptions options) {
        return write(user, target, options, Write.Origin.BODY, before -> scale);
    }

    ObjectNode patch(User user, Target target, Patch patch, WriteOptions options) {
        var type = schema.type(SCALE.group(), SCALE.version(), SCALE.kind());
        return write(user, target, options, Write.Origin.PATCH, before -> {
            ObjectNode view = view(target, before);
            return patched.read(SCALE, view, Patching.apply(view, patch, type), patch, options);
        });
    }

    private ObjectNode write(
            User user, Target target, WriteOptions options, Write.Origin origin, Updating.Proposal scaled) {
        ObjectNode after = updating.change(user, target, options, origin, before -> {
            Target place = Target.of(SCALE, target.namespace(), target.name());
            ObjectNode scale = identity.matched(place, scaled.from(before));
            JsonNode replicas = scale.path("spec").path("replicas");
            refuseNegative(target, replicas.longValue(0));
            ObjectNode object = before.deepCopy();
            object.withObjectProperty("spec").put("replicas", replicas.longValue(0));
            ObjectNode metadata = Meta.writable(object);
            metadata.put("resourceVersion", Meta.resourceVersion(scale));
            if (!Meta.uid(scale).isEmpty()) {
                metadata.put("uid", Meta.uid(scale));
            }
            return object;
        });
        return view(target, after);
    }

    private static void refuseNegative(Target target, long replicas) {
        if (replicas < 0) {
            String message = "Invalid value: %d: must be greater than or equal to 0".formatted(replicas);
            throw StatusException.invalid(
                    SCALE, target.name(), List.of(new Cause("FieldValueInvalid", message, "spec.replicas")));
        }
    }

    private static ObjectNode view(Target target, ObjectNode object) {
        ObjectNode scale = JsonMapper.shared().createObjectNode();
        scale.put("kind", SCALE.kind()).put("apiVersion", SCALE.apiVersion());
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : METADATA) {
            object.path("metadata").optional(field).ifPresent(value -> metadata.set(field, value));
        }
        ObjectNode spec = scale.putObject("spec");
        long replicas = object.path("spec").path("replicas").longValue(0);
        if (replicas != 0) {
            spec.put("replicas", replicas);
        }
        JsonNode selector = object.path("spec").path("selector");
        LabelSelector labels = target.resource().kind().equals(REPLICATION_CONTROLLER.kind())
                ? LabelSelector.ofLabels(selector)
                : LabelSelector.of(selector);
        scale.putObject("status")
                .put("replicas", object.path("status").path("replicas").longValue(0))
                .put("selector", labels.toString());
        return scale;
    }
}
