package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets objects of one kind go when they are deleted and nothing uses them any longer, by taking away the finalizer that
 * the server gave them; one that is older than that gets it (pkg/controller/volume/pvcprotection, pvprotection,
 * vacprotection).
 */
final class ProtectionController implements Controller {
    /** The name of a finalizer, and what those who have it are asked, as they are in the server at this moment. */
    private record Rule(String finalizer, Predicate<ObjectNode> used) {
        /** Whether an object that is going has it, or another has not. */
        boolean concerns(Metadata object) {
            return object.deleting() == object.finalizers().contains(finalizer);
        }
    }

    private final Api api;
    private final Mirror<? extends Mirrored> held;
    private final List<Mirror<?>> reads;
    private final Rule rule;
    private final Loop<Key> loop;

    private <T extends Mirrored> ProtectionController(
            Api api, World world, String name, Mirror<T> held, List<Mirror<?>> users, Rule rule) {
        this.api = api;
        this.held = held;
        this.reads = new ArrayList<>(users);
        this.rule = rule;
        this.loop = new Loop<>(world, name, this::handle);
        reads.add(held);
        held.onChange(change -> change.present()
                .filter(object -> rule.concerns(object.metadata()))
                .ifPresent(object -> loop.add(change.key())));
    }

    /** Claims, which Pods use. */
    static ProtectionController ofClaims(Api api, World world, Mirror<Claim> claims, Mirror<Pod> pods) {
        Rule rule = new Rule("kubernetes.io/pvc-protection", claim -> isUsed(claim, api, pods));
        ProtectionController controller = new ProtectionController(
                api, world, "persistentvolumeclaim-protection-controller", claims, List.of(pods), rule);
        pods.onChange(change -> change.versions().stream()
                .flatMap(pod -> pod.claims().stream())
                .forEach(use -> controller.usersChanged(new Key(change.key().namespace(), use.claim()))));
        return controller;
    }

    /** Volumes, which claims have. */
    static ProtectionController ofVolumes(Api api, World world, Mirror<Volume> volumes) {
        Rule rule = new Rule(
                "kubernetes.io/pv-protection", volume -> Volume.of(volume).bound());
        return new ProtectionController(api, world, "persistentvolume-protection-controller", volumes, List.of(), rule);
    }

    /** Classes of attributes, which claims and volumes name. */
    static ProtectionController ofAttributesClasses(
            Api api, World world, Mirror<Metadata> classes, Mirror<Claim> claims, Mirror<Volume> volumes) {
        Rule rule = new Rule("kubernetes.io/vac-protection", type -> {
            String name = Meta.name(type);
            return !volumes.snapshot().in(Volume.BY_ATTRIBUTES_CLASS, name).isEmpty()
                    || !claims.snapshot().in(Claim.BY_ATTRIBUTES_CLASS, name).isEmpty();
        });
        ProtectionController controller = new ProtectionController(
                api, world, "volumeattributesclass-protection-controller", classes, List.of(claims, volumes), rule);
        claims.onChange(change -> change.previous().map(Claim::attributesClasses).orElse(List.of()).stream()
                .forEach(name -> controller.usersChanged(Key.clusterScoped(name))));
        volumes.onChange(change -> change.previous()
                .ifPresent(volume -> controller.usersChanged(Key.clusterScoped(volume.attributesClass()))));
        return controller;
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.copyOf(reads);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void usersChanged(Key key) {
        held.snapshot().get(key).filter(object -> object.metadata().deleting()).ifPresent(object -> loop.add(key));
    }

    /** The API is asked, not the mirror: what is let go must not be used since. */
    private void handle(Key key) {
        Target target = key.in(held.resource());
        if (held.snapshot()
                .get(key)
                .filter(object -> rule.concerns(object.metadata()))
                .isEmpty()) {
            return;
        }
        try {
            ObjectNode live = api.get(target);
            Metadata object = Metadata.of(live);
            if (!rule.concerns(object) || object.deleting() && rule.used.test(live)) {
                return;
            }
            List<String> finalizers = new ArrayList<>(object.finalizers());
            if (!finalizers.remove(rule.finalizer)) {
                finalizers.add(rule.finalizer);
            }
            ObjectNode patch = Merge.guarded(object.uid(), Meta.resourceVersion(live));
            Merge.texts(patch.withObjectProperty("metadata"), "finalizers", finalizers);
            api.patch(target, new Patch.Merge(patch), WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e; // and it is tried again
            }
        }
    }

    /** The mirror of Pods is asked first; when it may not know all yet, the API. */
    private static boolean isUsed(ObjectNode object, Api api, Mirror<Pod> pods) {
        Claim claim = Claim.of(object);
        Key key = claim.metadata().key();
        Snapshot<Pod> shown = pods.snapshot();
        if (shown.in(Pod.BY_CLAIM, key.toString()).stream()
                .anyMatch(pod -> claim.isUsed(pod.claims(), pod.metadata().uid()))) {
            return true;
        }
        return shown.revision() < Long.parseUnsignedLong(Meta.resourceVersion(object))
                && api.list(pods.resource(), key.namespace(), ListOptions.ALL).items().stream()
                        .anyMatch(pod -> claim.isUsed(ClaimUse.of(pod), Meta.uid(pod)));
    }
}
