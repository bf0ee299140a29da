package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Empties a Namespace that is being deleted, Pods first (KEP-5080), then everything else, and lets it go when nothing
 * is left. The last object of a kind that goes brings the next look, so it ends as soon as it can; those before it bring one
 * now and then, for what is told about many thousands need not be told anew for each.
 */
final class NamespaceController implements Controller {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource EVENTS = Resources.kind("v1", "Event");
    /** How long to wait when mirrors show nothing more but the server still does. */
    private static final Duration LAG = Duration.ofMillis(100);
    /** How often to look while objects go. */
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** When to look again at objects that are held by finalizers, should no change tell. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Api api;
    private final World world;
    private final Mirror<Namespace> namespaces;
    private final List<Mirror<? extends Mirrored>> contents;
    private final Loop<Key> loop;

    NamespaceController(
            Api api, World world, Mirror<Namespace> namespaces, Collection<Mirror<? extends Mirrored>> kinds) {
        this.api = api;
        this.world = world;
        this.namespaces = namespaces;
        this.contents =
                kinds.stream().filter(mirror -> mirror.resource().namespaced()).toList();
        this.loop = new Loop<>(world, "namespace-controller", this::handle);
        namespaces.onChange(this::namespaceChanged);
        contents.forEach(this::listen);
    }

    @Override
    public List<Mirror<?>> reads() {
        List<Mirror<?>> all = new ArrayList<>(contents);
        all.add(namespaces);
        return all;
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    /** What we tell of it ourselves is no reason to look. */
    private void namespaceChanged(Change<Namespace> change) {
        boolean told = change instanceof Change.Modified<Namespace>(Key key, Namespace before, Namespace after)
                && before.metadata().equals(after.metadata())
                && before.held() == after.held();
        if (!told) {
            loop.add(change.key());
        }
    }

    private <T extends Mirrored> void listen(Mirror<T> mirror) {
        mirror.onChange(change -> {
            if (!(change instanceof Change.Modified<T>)) {
                Key namespace = Key.clusterScoped(change.key().namespace());
                namespaces
                        .snapshot()
                        .get(namespace)
                        .filter(found -> found.metadata().deleting())
                        .ifPresent(found -> loop.addAfter(namespace, isLast(mirror, change) ? Duration.ZERO : PAUSE));
            }
        });
    }

    private static <T extends Mirrored> boolean isLast(Mirror<T> mirror, Change<T> change) {
        return change instanceof Change.Removed<T>
                && mirror.snapshot()
                        .in(Metadata.byNamespace(), change.key().namespace())
                        .isEmpty();
    }

    private void handle(Key key) {
        Optional<Namespace> found = namespaces.snapshot().get(key);
        if (found.isEmpty()
                || !found.get().metadata().deleting()
                || !found.get().held()) {
            return;
        }
        Namespace namespace = found.get();
        Map<Resource, Collection<Metadata>> left = left(key.name());
        boolean podsLeft = left.containsKey(PODS);
        List<String> failures = new ArrayList<>();
        left.forEach((resource, objects) -> {
            if (!podsLeft || resource.equals(PODS)) {
                delete(key.name(), resource, objects, failures);
            }
        });
        report(namespace, NamespaceContent.conditions(namespace.conditions(), left, failures, world.now()));
        if (!left.isEmpty()) {
            loop.addAfter(key, PATIENCE);
        } else if (reallyEmpty(key.name())) {
            api.deleteCollection(EVENTS, key.name(), ListOptions.ALL, DeleteOptions.now());
            release(namespace);
        } else {
            loop.addAfter(key, LAG);
        }
    }

    private Map<Resource, Collection<Metadata>> left(String namespace) {
        Map<Resource, Collection<Metadata>> left = new LinkedHashMap<>();
        for (Mirror<? extends Mirrored> mirror : contents) {
            List<Metadata> objects = in(mirror, namespace);
            if (!objects.isEmpty()) {
                left.put(mirror.resource(), objects);
            }
        }
        return left;
    }

    private static <T extends Mirrored> List<Metadata> in(Mirror<T> mirror, String namespace) {
        return mirror.snapshot().in(Metadata.byNamespace(), namespace).stream()
                .map(Mirrored::metadata)
                .toList();
    }

    private void delete(String namespace, Resource resource, Collection<Metadata> objects, List<String> failures) {
        if (objects.stream().allMatch(Metadata::deleting)) {
            return;
        }
        try {
            api.deleteCollection(resource, namespace, ListOptions.ALL, DeleteOptions.background());
        } catch (StatusException e) {
            failures.add(resource + ": " + e.failure().message());
        }
    }

    /** Asks the server itself, for a mirror may lag. */
    private boolean reallyEmpty(String namespace) {
        ListOptions one = new ListOptions("", "", "", "", 1, "");
        return contents.stream()
                .allMatch(mirror ->
                        api.list(mirror.resource(), namespace, one).items().isEmpty());
    }

    private void report(Namespace namespace, List<Condition> conditions) {
        if (conditions.equals(namespace.conditions()) && namespace.phase().equals("Terminating")) {
            return;
        }
        ObjectNode patch = Merge.guarded(namespace.metadata().uid(), "");
        Merge.conditions(patch.putObject("status").put("phase", "Terminating"), conditions);
        api.patch(
                target(namespace).withSubresource("status"),
                new Patch.Merge(patch),
                WriteOptions.by(Controllers.FIELD_MANAGER));
    }

    private void release(Namespace namespace) {
        ObjectNode live;
        try {
            live = api.get(target(namespace)).deepCopy();
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return;
            }
            throw e;
        }
        ObjectNode spec = live.withObjectProperty("spec");
        ArrayNode others = Merge.object().arrayNode();
        for (var finalizer : spec.path("finalizers")) {
            if (!finalizer.stringValue("").equals(Namespace.FINALIZER)) {
                others.add(finalizer);
            }
        }
        spec.set("finalizers", others);
        api.update(target(namespace).withSubresource("finalize"), live, WriteOptions.by(Controllers.FIELD_MANAGER));
    }

    private Target target(Namespace namespace) {
        return namespace.metadata().key().in(namespaces.resource());
    }
}
