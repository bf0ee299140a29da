package io.jollyboat.server;

import io.jollyboat.api.GoText;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.world.World;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who an object is: its kind, name and namespace as the address says, and the metadata that only the server sets. */
final class Identity implements Step {
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX_LENGTH = 5;
    private static final int BASE_LIMIT = 58;
    /** Set by the server on creation and kept on every update. */
    private static final List<String> KEPT =
            List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation");

    /** Where Kubernetes keeps a kind, if not under its name. */
    private static final Map<String, String> FOLDERS = Map.of(
            "services", "services/specs",
            "endpoints", "services/endpoints",
            "nodes", "minions",
            "replicationcontrollers", "controllers",
            "ingresses", "ingress");

    private final World world;

    Identity(World world) {
        this.world = world;
    }

    /**
     * Refuses a body that does not belong to the address it was sent to; fills in all but the name that it leaves out.
     *
     * @param target with the name "" for a creation: the body then brings the name, or generateName does
     * @return the body's own copy, with kind, version, namespace and name
     */
    ObjectNode matched(Target target, ObjectNode body) {
        Resource resource = target.resource();
        ObjectNode object = body.deepCopy();
        checkKind(resource, object);
        ObjectNode metadata = Meta.writable(object);
        if (!resource.namespaced()) {
            metadata.remove("namespace");
        } else {
            checkNamespace(target, Meta.namespace(object));
            metadata.put("namespace", target.namespace());
        }
        if (!target.name().isEmpty()) {
            checkName(target, Meta.name(object));
        }
        return object;
    }

    /** @throws StatusException 400 for another one than the address's */
    static void checkNamespace(Target target, String namespace) {
        if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
            throw StatusException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private static void checkName(Target target, String name) {
        if (name.isEmpty()) {
            throw StatusException.badRequest(
                    "the name of the object (%s based on URL) was undeterminable: name must be provided"
                            .formatted(target.name()));
        }
        if (!name.equals(target.name())) {
            throw StatusException.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(name, target.name()));
        }
    }

    private static void checkKind(Resource resource, ObjectNode object) {
        Conversion.Said said = Conversion.Said.of(object, resource);
        Conversion.checkVersion(said, resource);
        try {
            Conversion.check(said, resource);
        } catch (Conversion.Failure failure) {
            throw FieldCheck.cannotBeHandled(said.apiVersion(), said.kind(), resource.kind(), failure.detail());
        }
        object.put("apiVersion", resource.apiVersion());
        object.put("kind", resource.kind());
    }

    /** The name of a new object: its own, one made from generateName, or "" where there is neither. */
    String name(Resource resource, ObjectNode object) {
        String name = Meta.name(object);
        String base = Meta.generateName(object);
        if (name.isEmpty() && !base.isEmpty()) {
            return base.substring(0, Math.min(base.length(), BASE_LIMIT)) + suffix();
        }
        return name.isEmpty() && Traits.has(resource, Trait.NAMES_ITSELF)
                ? world.uuid().toString()
                : name;
    }

    /** Random letters for a name. */
    String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(SUFFIX_LETTERS.charAt(world.random().nextInt(SUFFIX_LETTERS.length())));
        }
        return suffix.toString();
    }

    @Override
    public void take(Write write) {
        ObjectNode metadata = Meta.writable(write.after());
        metadata.remove("selfLink");
        if (write.before().isPresent()) {
            keep(write, write.before().get(), write.after());
        } else {
            KEPT.forEach(metadata::remove);
            metadata.remove("resourceVersion");
            metadata.put("uid", world.uuid().toString());
            metadata.put("creationTimestamp", Times.seconds(world.now()));
        }
    }

    private static void keep(Write write, ObjectNode before, ObjectNode after) {
        Target target = write.target();
        String uid = Meta.uid(after);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(before))) {
            throw write.origin() == Write.Origin.BODY || write.origin() == Write.Origin.READ
                    ? otherUid(target, uid, before)
                    : uidIsImmutable(target, uid);
        }
        ObjectNode metadata = Meta.writable(after);
        JsonNode stored = before.path("metadata");
        for (String field : KEPT) {
            if (stored.has(field)) {
                metadata.set(field, stored.path(field));
            } else {
                metadata.remove(field);
            }
        }
        metadata.set("resourceVersion", stored.path("resourceVersion"));
        if (Meta.isBeingDeleted(before)) {
            refuseNewFinalizers(target, before, after);
        }
    }

    private static StatusException otherUid(Target target, String uid, ObjectNode before) {
        String place = target.namespace().isEmpty() ? "" : target.namespace() + "/";
        return StatusException.conflict(
                target,
                ("StorageError: invalid object, Code: 4, Key: /%s/%s%s, ResourceVersion: 0, AdditionalErrorMsg: "
                                + "Precondition failed: UID in precondition: %s, UID in object meta: %s")
                        .formatted(
                                FOLDERS.getOrDefault(
                                        target.resource().plural(),
                                        target.resource().plural()),
                                place,
                                target.name(),
                                uid,
                                Meta.uid(before)));
    }

    private static StatusException uidIsImmutable(Target target, String uid) {
        return StatusException.invalid(
                target.resource(),
                target.name(),
                List.of(new Cause(
                        "FieldValueInvalid",
                        "Invalid value: " + GoText.quoted(uid) + ": field is immutable",
                        "metadata.uid")));
    }

    private static void refuseNewFinalizers(Target target, ObjectNode before, ObjectNode after) {
        List<String> old = Meta.finalizers(before);
        List<String> added =
                Meta.finalizers(after).stream().filter(f -> !old.contains(f)).toList();
        if (!added.isEmpty()) {
            String found = "[]string{\"" + String.join("\", \"", added) + "\"}";
            throw StatusException.invalid(
                    target.resource(),
                    target.name(),
                    List.of(new Cause(
                            "FieldValueForbidden",
                            "Forbidden: no new finalizers can be added if the object is being deleted, found new"
                                    + " finalizers " + found,
                            "metadata.finalizers")));
        }
    }

    /** 409: the name that was made is taken, as often as it was tried. */
    static StatusException noFreeName(Target target) {
        String message = "%s \"%s\" already exists, the server was not able to generate a unique name for the object"
                .formatted(target.resource(), target.name());
        return new StatusException(new StatusException.Failure(
                Reason.ALREADY_EXISTS,
                message,
                target.name(),
                target.resource().group(),
                target.resource().plural(),
                "",
                List.of(),
                1));
    }
}
