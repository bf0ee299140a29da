package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.patch.JsonPatch;
import io.jollyboat.api.patch.MergePatch;
import io.jollyboat.api.patch.StrategicPatch;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Changes objects by patches: the patch is applied to what is stored, then the result goes the way of an update. */
final class Patching {
    private static final String UNSUPPORTED = "the body of the request was in an unknown format - accepted media types"
            + " include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    private final Schema schema;
    private final Identity identity;
    private final Updating updating;

    Patching(Schema schema, Identity identity, Updating updating) {
        this.schema = schema;
        this.identity = identity;
        this.updating = updating;
    }

    /**
     * Patches an object or a part of it. A patch that names a resourceVersion is refused where that is not the stored
     * one; any other is tried again when somebody else writes at the same time.
     *
     * @throws StatusException 404, 409, 400 and 422 for a patch that does not apply, 415 for a strategic merge patch
     *     of a kind that has no schema
     */
    ObjectNode patch(User user, Target target, Patch patch, WriteOptions options) {
        Optional<Type.Struct> type = schema.type(target.resource());
        return updating.change(
                user,
                target,
                options,
                Write.Origin.PATCH,
                before -> identity.matched(target, versioned(before, apply(before, patch, type))));
    }

    /** The patched object; {@code live} stays as it is. */
    static ObjectNode apply(ObjectNode live, Patch patch, Optional<Type.Struct> type) {
        return switch (patch) {
            case Patch.Json json ->
                JsonPatch.apply(live, json.operations()) instanceof ObjectNode object
                        ? object
                        : refuse(Reason.INVALID, "the patch leaves no object");
            case Patch.Merge merge -> MergePatch.apply(live, merge.patch());
            case Patch.Strategic strategic ->
                StrategicPatch.apply(
                        live,
                        strategic.patch(),
                        type.orElseThrow(() -> StatusException.of(Reason.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED)));
            case Patch.Apply _ -> refuse(Reason.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED);
        };
    }

    /** A patch that takes the resourceVersion away means no other than the stored one. */
    private static ObjectNode versioned(ObjectNode before, ObjectNode patched) {
        if (Meta.resourceVersion(patched).isEmpty()) {
            Meta.writable(patched).put("resourceVersion", Meta.resourceVersion(before));
        }
        return patched;
    }

    private static ObjectNode refuse(Reason reason, String message) {
        throw StatusException.of(reason, message);
    }
}
