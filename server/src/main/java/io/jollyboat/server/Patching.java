package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.api.fields.Apply;
import io.jollyboat.api.patch.JsonPatch;
import io.jollyboat.api.patch.MergePatch;
import io.jollyboat.api.patch.StrategicPatch;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Changes objects by patches: the patch is applied to what is stored, then the result goes the way of an update. */
final class Patching {
    private static final String UNSUPPORTED = "the body of the request was in an unknown format - accepted media types"
            + " include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    private static final String UNCONVERTED = "failed to convert new object (%s/%s; %s) to proper version: "
            + "unable to convert unstructured object to %s: %s";

    private final Schema schema;
    private final Patched patched;
    private final Storage storage;
    private final Identity identity;
    private final Owners owners;
    private final Creation creation;
    private final Updating updating;

    Patching(Schema schema, Storage storage, Identity identity, Owners owners, Creation creation, Updating updating) {
        this.schema = schema;
        this.patched = new Patched(schema);
        this.storage = storage;
        this.identity = identity;
        this.owners = owners;
        this.creation = creation;
        this.updating = updating;
    }

    /**
     * Patches an object or a part of it. A patch that names a resourceVersion is refused where that is not the stored
     * one; any other is tried again when somebody else writes at the same time.
     *
     * @param mayCreate refuses, for an intent that is applied to nothing and so creates
     * @throws StatusException 404, 409, 400 and 422 for a patch that does not apply, 415 for a strategic merge patch
     *     of a kind that has no schema
     */
    ObjectNode patch(User user, Target target, Patch patch, WriteOptions options, Runnable mayCreate) {
        if (patch instanceof Patch.Apply(ObjectNode intent)) {
            return apply(user, target, intent, options, mayCreate);
        }
        Optional<Type.Struct> type = schema.type(target.resource());
        return updating.change(
                user,
                target,
                options,
                Write.Origin.PATCH,
                before -> identity.matched(target, versioned(before, patched(target, before, patch, type, options))));
    }

    private ObjectNode patched(
            Target target, ObjectNode before, Patch patch, Optional<Type.Struct> type, WriteOptions options) {
        return patched.read(target.resource(), before, apply(before, patch, type), patch, options);
    }

    private ObjectNode apply(User user, Target target, ObjectNode intent, WriteOptions options, Runnable mayCreate) {
        if (target.subresource().isEmpty() && storage.get(target).isEmpty()) {
            mayCreate.run();
            if (!Meta.uid(intent).isEmpty()) {
                throw StatusException.conflict(
                        target,
                        "uid mismatch: the provided object specified uid %s, and no existing object was found"
                                .formatted(Meta.uid(intent)));
            }
            ObjectNode nothing = JsonMapper.shared().createObjectNode();
            ObjectNode body = applied(nothing, intent, target, options);
            identity.matched(target, body);
            try {
                Target place = Target.of(target.resource(), target.namespace(), "");
                return creation.create(user, place, body, options, Write.Origin.APPLY);
            } catch (StatusException e) {
                if (!e.is(Reason.ALREADY_EXISTS)) {
                    throw e;
                }
            }
        }
        return updating.change(
                user,
                target,
                options,
                Write.Origin.APPLY,
                before -> identity.matched(target, versioned(before, applied(before, intent, target, options))));
    }

    /** Only what could be applied is looked at more strictly. */
    private ObjectNode applied(ObjectNode live, ObjectNode intent, Target target, WriteOptions options) {
        ObjectNode object = converted(target.resource(), intent, owners.apply(live, intent, target, options));
        if (options.validation() == FieldValidation.STRICT
                && !options.problems().isEmpty()) {
            throw StatusException.badRequest(
                    "error strict decoding YAML: " + options.problems().getFirst());
        }
        if (options.validation() == FieldValidation.WARN) {
            options.warn(options.problems());
        }
        return object;
    }

    /** What merges may still be no value of its Go type. */
    private ObjectNode converted(Resource resource, ObjectNode intent, ObjectNode merged) {
        Optional<Type.Struct> type = schema.type(resource);
        if (type.isEmpty()) {
            return merged;
        }
        FieldCheck.Checked checked = FieldCheck.checkBuilt(merged, type.get());
        checked.mismatch().ifPresent(detail -> {
            String kind = Apply.kind(intent);
            throw StatusException.of(
                    Reason.UNKNOWN,
                    UNCONVERTED.formatted(Meta.namespace(intent), Meta.name(intent), kind, kind, detail));
        });
        return checked.object();
    }

    /** The patched object; {@code live} stays as it is. */
    static JsonNode apply(ObjectNode live, Patch patch, Optional<Type.Struct> type) {
        return switch (patch) {
            case Patch.Json json -> JsonPatch.apply(live, json.operations());
            case Patch.Merge merge -> MergePatch.apply(live, merge.patch());
            case Patch.Strategic strategic ->
                StrategicPatch.apply(
                        live,
                        strategic.patch(),
                        type.orElseThrow(() -> StatusException.of(Reason.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED)));
            case Patch.Apply _ -> throw StatusException.of(Reason.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED);
        };
    }

    /** A patch that takes the resourceVersion away means no other than the stored one. */
    private static ObjectNode versioned(ObjectNode before, ObjectNode patched) {
        if (Meta.resourceVersion(patched).isEmpty()) {
            Meta.writable(patched).put("resourceVersion", Meta.resourceVersion(before));
        }
        return patched;
    }
}
