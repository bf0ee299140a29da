package io.jollyboat.api.fields;

import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Trees;
import io.jollyboat.api.fields.Entry.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Server-side apply: a manager says all that it wants of an object, and no more. Source: KEP-555.
 *
 * <p>Worked example. Manager m applied {@code replicas: 1, paused: true}. A user then scaled to 3 with an update. m
 * applies {@code replicas: 1} again: {@code paused} goes, since m gave it up and nobody else owns it, and
 * {@code replicas} conflicts, since m would change what the user owns. With force m gets it; applying without
 * {@code replicas} leaves it to the user; applying {@code replicas: 3} shares it.
 *
 * <ol>
 *   <li>The intent is laid over the live object.
 *   <li>What the manager owned before, does not want now, and nobody else owns, goes.
 *   <li>Where that changes what others own, it is a conflict, or with force they lose it.
 *   <li>The manager owns what its intent says.
 * </ol>
 */
public final class Apply {
    /** Owns what was there before anybody applied. */
    static final String BEFORE_FIRST_APPLY = "before-first-apply";

    private final ObjectNode live;
    private final ObjectNode intent;
    private final Edit edit;
    private final Shape shape;
    private final Id id;
    private final Owners owners;

    private Apply(ObjectNode live, ObjectNode intent, Edit edit) {
        this.live = live;
        this.intent = intent;
        this.edit = edit;
        this.shape = edit.shape();
        this.id = Id.apply(edit);
        this.owners = Owners.of(live);
    }

    /**
     * The object that comes of it, with its managedFields. Where nothing changes it equals {@code live}, so that nothing
     * need be written. Neither argument is changed; the result may share parts with both.
     *
     * @param live the object as it is; empty where it does not exist
     * @param intent with apiVersion and kind
     * @throws StatusException 409 with a cause for each conflict; 400 for an intent of another version or with
     *     managedFields; 500 (so does Kubernetes) for one that does not fit the schema
     */
    public static ObjectNode apply(ObjectNode live, ObjectNode intent, boolean force, Edit edit) {
        check(intent, edit);
        return new Apply(live, intent, edit).run(force);
    }

    private static void check(ObjectNode intent, Edit edit) {
        String kind = kind(intent);
        if (!Meta.apiVersion(intent).equals(edit.apiVersion())) {
            throw StatusException.badRequest("invalid object type: " + kind);
        }
        if (intent.path("metadata").hasNonNull(Owners.FIELD)) {
            throw StatusException.badRequest("metadata.managedFields must be nil");
        }
        Optional<String> wrong = TypeCheck.check(intent, edit.shape());
        if (wrong.isPresent()) {
            throw StatusException.of(
                    Reason.UNKNOWN,
                    "failed to create typed patch object (%s/%s; %s): %s"
                            .formatted(Meta.namespace(intent), Meta.name(intent), kind, wrong.get()));
        }
    }

    /** Of what kind an intent is, as the messages say it: {@code apps/v1, Kind=Deployment}. */
    public static String kind(ObjectNode intent) {
        String apiVersion = Meta.apiVersion(intent);
        return (apiVersion.contains("/") ? "" : "/") + apiVersion + ", Kind=" + Meta.kind(intent);
    }

    private ObjectNode run(boolean force) {
        ObjectNode before = ManagedFields.withoutOwners(live);
        if (owners.isEmpty()) {
            ManagedFields.record(owners, JsonNodeFactory.instance.objectNode(), before, edit.by(BEFORE_FIRST_APPLY));
        }
        FieldSet last = owners.get(id).map(Entry::fields).orElse(FieldSet.EMPTY);
        FieldSet wanted = Ownership.of(intent, shape).without(edit.reset());
        JsonNode merged = Merging.merge(before, intent, shape);
        if (!last.isEmpty()) {
            merged = Pruning.prune(merged, shape, last, owned(wanted));
        }
        Comparison.Result difference = Comparison.of(before, merged, shape, edit.reset());
        Conflicts conflicts = conflicts(difference.changed());
        if (!force) {
            settle(conflicts);
        }
        FieldSet lost = difference.changed().union(difference.removed());
        FieldSet own = ManagedFields.withoutSystem(wanted);
        Optional<Entry> entry = owners.get(id);
        owners.change(e -> e.id().equals(id) ? own : e.fields().difference(lost));
        boolean same = own.equals(last)
                && Trees.equal(before, merged)
                && edit.apiVersion().equals(version(entry));
        if (same) {
            entry.ifPresent(owners::put);
        } else if (!own.isEmpty()) {
            owners.put(Entry.of(id, edit, own));
        }
        ObjectNode result = ManagedFields.withoutOwners((ObjectNode) merged);
        if (edit.manager().equals(LastApplied.MANAGER)) {
            LastApplied.refresh(result, intent);
        }
        owners.writeTo(result);
        return result;
    }

    private static String version(Optional<Entry> entry) {
        return entry.map(Entry::apiVersion).orElse("");
    }

    /** What anybody owns once this manager owns {@code wanted}. */
    private FieldSet owned(FieldSet wanted) {
        FieldSet owned = wanted;
        for (Entry other : owners.others(id)) {
            owned = owned.union(other.fields());
        }
        return owned;
    }

    private Conflicts conflicts(FieldSet changed) {
        List<Entry> contested = new ArrayList<>();
        for (Entry other : owners.others(id)) {
            contested.add(other.with(other.fields().intersection(changed)));
        }
        return new Conflicts(contested);
    }

    /** What kubectl itself set by client-side apply, and nobody changed since, is no conflict to it. */
    private void settle(Conflicts conflicts) {
        if (conflicts.isEmpty()) {
            return;
        }
        Conflicts left = edit.manager().equals(LastApplied.MANAGER)
                ? conflicts.without(LastApplied.unchanged(live, edit))
                : conflicts;
        if (!left.isEmpty()) {
            throw left.exception();
        }
    }
}
