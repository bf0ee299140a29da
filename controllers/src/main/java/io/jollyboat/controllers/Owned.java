package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adopts objects that nobody controls and lets go those that are no longer selected. Both look at the live object
 * first, and write only over the state that they saw.
 */
final class Owned {
    private final Api api;
    private final Resource ownerKind;
    private final Resource kind;

    Owned(Api api, Resource ownerKind, Resource kind) {
        this.api = api;
        this.ownerKind = ownerKind;
        this.kind = kind;
    }

    /** The reference by which an owner controls what it makes. */
    OwnerReference reference(Metadata owner) {
        return new OwnerReference(
                ownerKind.apiVersion(), ownerKind.kind(), owner.key().name(), owner.uid(), true, true);
    }

    /** The adopted object; empty when owner or object are no longer what they were. */
    Optional<ObjectNode> adopt(Metadata owner, Key orphan) {
        return found(owner.key().in(ownerKind))
                .filter(live -> Meta.uid(live).equals(owner.uid()) && !Meta.isBeingDeleted(live))
                .flatMap(live -> found(orphan.in(kind)))
                .filter(live -> Meta.controller(live).isEmpty() && !Meta.isBeingDeleted(live))
                .map(live -> {
                    List<OwnerReference> owners = new ArrayList<>(Meta.ownerReferences(live));
                    owners.removeIf(present -> present.uid().equals(owner.uid()));
                    owners.add(reference(owner));
                    return write(orphan, live, owners);
                });
    }

    /** The released object; empty when it is gone. */
    Optional<ObjectNode> release(Metadata owner, Key owned) {
        return found(owned.in(kind)).map(live -> {
            List<OwnerReference> owners = new ArrayList<>(Meta.ownerReferences(live));
            owners.removeIf(present -> present.uid().equals(owner.uid()));
            return write(owned, live, owners);
        });
    }

    private ObjectNode write(Key key, ObjectNode live, List<OwnerReference> owners) {
        ObjectNode patch = Merge.guarded(Meta.uid(live), Meta.resourceVersion(live));
        Merge.owners((ObjectNode) patch.get("metadata"), owners);
        return api.patch(key.in(kind), new Patch.Merge(patch), WriteOptions.by(Controllers.FIELD_MANAGER));
    }

    private Optional<ObjectNode> found(Target target) {
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
