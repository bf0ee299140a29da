package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.fields.Apply;
import io.jollyboat.api.fields.Edit;
import io.jollyboat.api.fields.FieldSet;
import io.jollyboat.api.fields.ManagedFields;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.world.World;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who owns which field: keeps managedFields at every write, and applies intents. */
final class Owners implements Step {
    private static final FieldSet STATUS = FieldSet.ofFields("status");
    private static final FieldSet SPEC = FieldSet.ofFields("spec");
    private static final String CERTIFICATE_REQUESTS = "certificatesigningrequests.certificates.k8s.io";
    private static final Resource PATCH_OPTIONS = Resource.unserved("meta.k8s.io", "v1", "PatchOptions");

    private final World world;
    private final Schema schema;

    Owners(World world, Schema schema) {
        this.world = world;
        this.schema = schema;
    }

    @Override
    public void take(Write write) {
        if (write.origin() == Write.Origin.APPLY) {
            return;
        }
        ObjectNode before = write.before().orElseGet(() -> JsonMapper.shared().createObjectNode());
        ManagedFields.afterUpdate(before, write.after(), edit(write.target(), write.options()));
    }

    /**
     * Lays an intent over what is stored.
     *
     * @param live empty where nothing is
     * @return a tree of the caller's own, with its managedFields
     * @throws StatusException 409 with a cause for each conflict; 422 without a manager; 400 and 500 as {@link Apply}
     */
    ObjectNode apply(ObjectNode live, ObjectNode intent, Target target, WriteOptions options) {
        if (options.fieldManager().isEmpty()) {
            throw StatusException.invalid(
                    PATCH_OPTIONS,
                    "",
                    List.of(new Cause(
                            "FieldValueRequired", "Required value: is required for apply patch", "fieldManager")));
        }
        if (!Meta.kind(intent).equals(target.resource().kind())) {
            throw StatusException.badRequest("invalid object type: " + Apply.kind(intent));
        }
        return Apply.apply(live, intent, options.force(), edit(target, options)).deepCopy();
    }

    /** Whoever made an object that is not stored owns all of it. */
    void own(ObjectNode made, Resource kind, String subresource, WriteOptions options) {
        ObjectNode before = JsonMapper.shared().createObjectNode();
        Edit edit = new Edit(
                options.fieldManager(), kind.apiVersion(), subresource, world.now(), schema.type(kind), FieldSet.EMPTY);
        ManagedFields.afterUpdate(before, made, edit);
    }

    private Edit edit(Target target, WriteOptions options) {
        Resource resource = target.resource();
        return new Edit(
                options.fieldManager(),
                resource.apiVersion(),
                target.subresource(),
                world.now(),
                schema.type(resource),
                reset(target));
    }

    /** What a request does not change, so that nobody gets to own it by it; of a request for a certificate nobody owns the spec. */
    private static FieldSet reset(Target target) {
        if (target.resource().qualifiedPlural().equals(CERTIFICATE_REQUESTS)) {
            return target.subresource().isEmpty() ? SPEC.union(STATUS) : SPEC;
        }
        if (target.subresource().equals("status")) {
            return SPEC;
        }
        return target.subresource().isEmpty() && target.resource().has("status") ? STATUS : FieldSet.EMPTY;
    }
}
