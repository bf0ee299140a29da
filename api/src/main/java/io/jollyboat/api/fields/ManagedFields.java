package io.jollyboat.api.fields;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Trees;
import io.jollyboat.api.fields.Entry.Id;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps {@code metadata.managedFields}, who owns which field, when an object is created or updated: by POST, by PUT,
 * or by a patch that is not server-side apply. Source: KEP-555.
 */
public final class ManagedFields {
    /** What the server itself writes, which nobody owns. */
    private static final FieldSet SYSTEM = system();

    private ManagedFields() {}

    private static FieldSet system() {
        FieldSet set =
                FieldSet.ofFields("apiVersion").union(FieldSet.ofFields("kind")).union(FieldSet.ofFields("metadata"));
        for (String name : List.of(
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "clusterName",
                "generation",
                Owners.FIELD,
                "resourceVersion")) {
            set = set.union(FieldSet.ofFields("metadata", name));
        }
        return set;
    }

    static FieldSet withoutSystem(FieldSet fields) {
        return fields.difference(SYSTEM);
    }

    /**
     * Writes into {@code wanted} the managedFields that it has after this edit. Who else owned what changes owns it no
     * longer; the editor owns what it changed or added.
     *
     * <p>An object that exists without managedFields stays without. A client may set them: its own are taken if they
     * can be read, and an empty list, or a list of one empty entry, does away with them.
     *
     * @param live the object as it is; without uid, or empty, where this creates it
     * @param wanted the object as it will be stored, which is changed
     */
    public static void afterUpdate(ObjectNode live, ObjectNode wanted, Edit edit) {
        Owners owners = liveOrWanted(live, wanted, edit);
        if (owners.isEmpty() && !Meta.uid(live).isEmpty()) {
            owners.writeTo(wanted);
            return;
        }
        record(owners, withoutOwners(live), withoutOwners(wanted), edit);
        owners.limit();
        owners.writeTo(wanted);
    }

    /** The change from one object to another goes into the entries. */
    static void record(Owners owners, JsonNode live, JsonNode wanted, Edit edit) {
        Comparison.Result difference = Comparison.of(live, wanted, edit.shape(), edit.reset());
        if (difference.isSame()) {
            return;
        }
        if (!difference.typed()) {
            owners.change(entry -> FieldSet.EMPTY); // Kubernetes cannot tell who owns what, and says nothing
            return;
        }
        FieldSet changed = difference.changed();
        FieldSet lost = changed.union(difference.removed());
        owners.change(entry -> entry.fields().difference(lost));
        FieldSet gained = withoutSystem(changed);
        if (!gained.isEmpty()) {
            Id id = Id.update(edit);
            FieldSet before = owners.get(id).map(Entry::fields).orElse(FieldSet.EMPTY);
            owners.put(Entry.of(id, edit, before.union(gained)));
        }
    }

    /**
     * Whether two states of an object are the same but for the times of their managedFields: who sends older ones along and changes nothing
     * writes nothing.
     */
    public static boolean nothingElseThanTimes(ObjectNode live, ObjectNode wanted) {
        return Trees.equal(live, wanted)
                || Trees.equal(withoutOwners(live), withoutOwners(wanted))
                        && timeless(live).equals(timeless(wanted));
    }

    private static List<ObjectNode> timeless(ObjectNode object) {
        return object.path("metadata")
                .path(Owners.FIELD)
                .valueStream()
                .filter(ObjectNode.class::isInstance)
                .map(entry -> ((ObjectNode) entry).deepCopy().without("time"))
                .toList();
    }

    private static Owners liveOrWanted(ObjectNode live, ObjectNode wanted, Edit edit) {
        if (!edit.subresource().isEmpty()) {
            return Owners.of(live);
        }
        JsonNode sent = wanted.path("metadata").path(Owners.FIELD);
        boolean reset = sent.isArray()
                && (sent.isEmpty() || sent.size() == 1 && sent.get(0).isEmpty());
        if (reset) {
            return Owners.of(MissingNode.getInstance());
        }
        Owners owners = Owners.of(wanted);
        return owners.isEmpty() ? Owners.of(live) : owners;
    }

    /** A copy of the outermost levels, in which managedFields are missing. */
    static ObjectNode withoutOwners(ObjectNode object) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.setAll(object);
        if (object.path("metadata") instanceof ObjectNode metadata) {
            ObjectNode outer = JsonNodeFactory.instance.objectNode();
            outer.setAll(metadata);
            outer.remove(Owners.FIELD);
            copy.set("metadata", outer);
        }
        return copy;
    }
}
