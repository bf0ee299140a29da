package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.Meta;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes objects whose owners are gone, and lets go owners that wait for what they own.
 *
 * <p>The graph of owners and owned is in the mirrors' indexes; nothing else is kept. An object is looked at when it
 * comes, when its owners change and when an owner goes: the cost of a deletion is that of its dependents. Mirrors may
 * lag, so before anything is done the object and any owner that a mirror does not show are read live, by uid.
 *
 * <ul>
 *   <li>Background: who has owners, all of them gone, is deleted.
 *   <li>Foreground: an owner with the finalizer {@code foregroundDeletion} waits until no dependent with {@code
 *       blockOwnerDeletion} is left; its dependents are deleted.
 *   <li>Orphan: an owner with the finalizer {@code orphan} waits until its dependents no longer name it.
 * </ul>
 */
final class GarbageCollector implements Controller {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    /** One object of some kind. */
    record Item(Resource resource, Key key) {
        @Override
        public String toString() {
            return resource + " " + key;
        }
    }

    private final Api api;
    private final Map<String, Mirror<? extends Mirrored>> mirrors = new HashMap<>();
    private final Loop<Item> loop;

    GarbageCollector(Api api, World world, Collection<Mirror<? extends Mirrored>> kinds) {
        this.api = api;
        this.loop = new Loop<>(world, "garbage-collector", this::handle);
        for (Mirror<? extends Mirrored> mirror : kinds) {
            mirrors.put(groupKind(mirror.resource().group(), mirror.resource().kind()), mirror);
        }
        kinds.forEach(this::listen);
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.copyOf(mirrors.values());
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private <T extends Mirrored> void listen(Mirror<T> mirror) {
        Resource resource = mirror.resource();
        mirror.onChange(change -> {
            switch (change) {
                case Change.Added<T> added -> come(resource, added.after().metadata());
                case Change.Removed<T> removed -> gone(removed.before().metadata());
                case Change.Modified<T> modified ->
                    changed(
                            resource,
                            modified.before().metadata(),
                            modified.after().metadata());
            }
        });
    }

    private void come(Resource resource, Metadata object) {
        if (!object.owners().isEmpty()
                || object.deleting() && !object.finalizers().isEmpty()) {
            loop.add(new Item(resource, object.key()));
        }
    }

    private void changed(Resource resource, Metadata before, Metadata after) {
        if (!before.uid().equals(after.uid())) {
            gone(before);
            come(resource, after);
        } else if (!before.equals(after)) {
            come(resource, after);
            if (!before.owners().equals(after.owners())) {
                before.owners().forEach(owner -> ownerOf(before, owner));
            }
        }
    }

    private void gone(Metadata object) {
        dependents(object.uid()).forEach(loop::add);
        object.owners().forEach(owner -> ownerOf(object, owner));
    }

    /** An owner that waits may have waited for this. */
    private void ownerOf(Metadata object, OwnerReference owner) {
        Mirror<? extends Mirrored> mirror = mirrors.get(groupKind(owner.group(), owner.kind()));
        if (mirror != null) {
            Key key = ownerKey(mirror.resource(), object.key(), owner);
            mirror.snapshot()
                    .get(key)
                    .filter(found -> found.metadata().deleting())
                    .ifPresent(found -> loop.add(new Item(mirror.resource(), key)));
        }
    }

    private List<Item> dependents(String uid) {
        List<Item> found = new ArrayList<>();
        for (Mirror<? extends Mirrored> mirror : mirrors.values()) {
            for (Mirrored object : dependents(mirror, uid)) {
                found.add(new Item(mirror.resource(), object.metadata().key()));
            }
        }
        return found;
    }

    private static <T extends Mirrored> Collection<T> dependents(Mirror<T> mirror, String uid) {
        return mirror.snapshot().in(Metadata.byOwner(), uid);
    }

    private Optional<Metadata> shown(Item item) {
        Mirror<? extends Mirrored> mirror = mirrors.get(groupKind(item.resource.group(), item.resource.kind()));
        return mirror == null
                ? Optional.empty()
                : mirror.snapshot().get(item.key).map(Mirrored::metadata);
    }

    private void handle(Item item) {
        Optional<Metadata> found = shown(item);
        if (found.isEmpty()) {
            return;
        }
        Metadata object = found.get();
        if (object.deleting()) {
            if (object.finalizers().contains(ORPHAN)) {
                orphan(item, object);
            } else if (object.finalizers().contains(FOREGROUND)) {
                waitForDependents(item, object);
            }
        } else if (!object.owners().isEmpty()
                && !Ownership.of(object.owners(), owner -> state(object.key(), owner))
                        .stays()) {
            live(item).filter(live -> Meta.uid(live).equals(object.uid())).ifPresent(live -> collect(item, live));
        }
    }

    /** How an owner fares: by the mirror where it shows the owner, else live. */
    private Ownership.State state(Key dependent, OwnerReference owner) {
        Mirror<? extends Mirrored> mirror = mirrors.get(groupKind(owner.group(), owner.kind()));
        if (mirror == null
                || mirror.resource().namespaced() && dependent.namespace().isEmpty()) {
            return Ownership.State.PRESENT; // nothing is known of such owners: leave their dependents alone
        }
        Item item = new Item(mirror.resource(), ownerKey(mirror.resource(), dependent, owner));
        return shown(item)
                .filter(found -> found.uid().equals(owner.uid()))
                .or(() ->
                        live(item).map(Metadata::of).filter(found -> found.uid().equals(owner.uid())))
                .map(found -> found.deleting() && found.finalizers().contains(FOREGROUND)
                        ? Ownership.State.WAITING
                        : Ownership.State.PRESENT)
                .orElse(Ownership.State.ABSENT);
    }

    /** Deletes an object that is garbage; removes from another the owners that no longer count. */
    private void collect(Item item, ObjectNode live) {
        if (Meta.isBeingDeleted(live)) {
            return;
        }
        Metadata object = Metadata.of(live);
        Ownership ownership = Ownership.of(object.owners(), owner -> state(object.key(), owner));
        if (ownership.stays()) {
            return;
        }
        if (!ownership.present().isEmpty()) {
            patchOwners(item, live, owners -> List.copyOf(ownership.present()));
            return;
        }
        boolean owns = !dependents(object.uid()).isEmpty();
        Propagation propagation;
        if (!ownership.waiting().isEmpty() && owns) {
            unblockCircle(item, object, live);
            propagation = Propagation.FOREGROUND;
        } else if (object.finalizers().contains(ORPHAN)) {
            propagation = Propagation.ORPHAN;
        } else if (object.finalizers().contains(FOREGROUND)) {
            propagation = Propagation.FOREGROUND;
        } else {
            propagation = Propagation.BACKGROUND;
        }
        try {
            api.delete(
                    item.key.in(item.resource),
                    new DeleteOptions(Optional.empty(), Optional.of(propagation), object.uid(), "", false));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /** Two that own each other and both wait would wait for ever: one of them no longer blocks. */
    private void unblockCircle(Item item, Metadata object, ObjectNode live) {
        boolean circle = dependents(object.uid()).stream()
                .flatMap(dependent -> shown(dependent).stream())
                .anyMatch(found -> found.deleting() && found.finalizers().contains(FOREGROUND));
        if (circle) {
            patchOwners(
                    item,
                    live,
                    owners -> owners.stream()
                            .map(owner -> new OwnerReference(
                                    owner.apiVersion(),
                                    owner.kind(),
                                    owner.name(),
                                    owner.uid(),
                                    owner.controller(),
                                    false))
                            .toList());
        }
    }

    private void orphan(Item item, Metadata owner) {
        for (Item dependent : dependents(owner.uid())) {
            live(dependent)
                    .ifPresent(live -> patchOwners(
                            dependent,
                            live,
                            owners -> owners.stream()
                                    .filter(reference -> !reference.uid().equals(owner.uid()))
                                    .toList()));
        }
        removeFinalizer(item, owner, ORPHAN);
    }

    private void waitForDependents(Item item, Metadata owner) {
        boolean blocked = false;
        for (Item dependent : dependents(owner.uid())) {
            Optional<Metadata> found = shown(dependent);
            if (found.isPresent() && Ownership.blocks(found.get().owners(), owner.uid())) {
                blocked = true;
                if (!found.get().deleting()) {
                    loop.add(dependent);
                }
            }
        }
        if (!blocked) {
            removeFinalizer(item, owner, FOREGROUND);
        }
    }

    private void removeFinalizer(Item item, Metadata owner, String finalizer) {
        live(item)
                .filter(live -> Meta.uid(live).equals(owner.uid()))
                .filter(live -> Meta.finalizers(live).contains(finalizer))
                .ifPresent(live -> {
                    List<String> left = new ArrayList<>(Meta.finalizers(live));
                    left.remove(finalizer);
                    ObjectNode patch = Merge.guarded(Meta.uid(live), Meta.resourceVersion(live));
                    Merge.texts((ObjectNode) patch.get("metadata"), "finalizers", left);
                    patch(item, patch);
                });
    }

    private void patchOwners(Item item, ObjectNode live, UnaryOperator<List<OwnerReference>> change) {
        List<OwnerReference> before = Meta.ownerReferences(live);
        List<OwnerReference> after = change.apply(before);
        if (!after.equals(before)) {
            ObjectNode patch = Merge.guarded(Meta.uid(live), Meta.resourceVersion(live));
            Merge.owners((ObjectNode) patch.get("metadata"), after);
            patch(item, patch);
        }
    }

    private void patch(Item item, ObjectNode patch) {
        try {
            api.patch(item.key.in(item.resource), new Patch.Merge(patch), WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private Optional<ObjectNode> live(Item item) {
        try {
            return Optional.of(api.get(item.key.in(item.resource)));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Key ownerKey(Resource ownerKind, Key dependent, OwnerReference owner) {
        return new Key(ownerKind.namespaced() ? dependent.namespace() : "", owner.name());
    }

    private static String groupKind(String group, String kind) {
        return group + "/" + kind;
    }
}
