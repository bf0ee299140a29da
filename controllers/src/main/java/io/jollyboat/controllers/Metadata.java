package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What the mirrors keep of every object: who it is, who owns it, whether it is going. */
record Metadata(Key key, String uid, List<OwnerReference> owners, List<String> finalizers, boolean deleting)
        implements Mirrored {
    private static final Index<Mirrored> BY_OWNER = new Index<>(
            "owner",
            object -> object.metadata().owners.stream()
                    .map(OwnerReference::uid)
                    .distinct()
                    .toList());
    private static final Index<Mirrored> BY_NAMESPACE =
            new Index<>("namespace", object -> List.of(object.metadata().key.namespace()));

    Metadata {
        owners = List.copyOf(owners);
        finalizers = List.copyOf(finalizers);
    }

    static Metadata of(ObjectNode object) {
        return new Metadata(
                Key.of(object),
                Meta.uid(object),
                Meta.ownerReferences(object),
                Meta.finalizers(object),
                Meta.isBeingDeleted(object));
    }

    /** Finds objects by the uid of each of their owners. */
    static <T extends Mirrored> Index<T> byOwner() {
        return narrowed(BY_OWNER);
    }

    static <T extends Mirrored> Index<T> byNamespace() {
        return narrowed(BY_NAMESPACE);
    }

    /** An index that can read every mirrored object can read those of one kind. */
    @SuppressWarnings("unchecked")
    private static <T extends Mirrored> Index<T> narrowed(Index<Mirrored> index) {
        return (Index<T>) (Index<?>) index;
    }

    @Override
    public Metadata metadata() {
        return this;
    }

    Optional<OwnerReference> controller() {
        for (OwnerReference owner : owners) {
            if (owner.controller()) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    boolean controlledBy(String uid) {
        return controller().map(owner -> owner.uid().equals(uid)).orElse(false);
    }
}
