package io.jollyboat.node;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.client.Change;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells Pods when a ConfigMap or Secret that they show has changed: one watch for each that some Pod of the node shows,
 * by its name alone, for a node may not read others. An immutable one is watched only until it is there.
 */
final class References implements AutoCloseable {
    static final Resource CONFIG_MAP = Resources.kind("v1", "ConfigMap");
    static final Resource SECRET = Resources.kind("v1", "Secret");

    private static final Duration END = Duration.ofSeconds(5);

    private final Api api;
    private final World world;
    private final Map<Reference, Followed> followed = new HashMap<>(); // guarded by this
    private final List<Task> ending = new ArrayList<>(); // of watches that nobody needs any more; guarded by this

    References(Api api, World world) {
        this.api = api;
        this.world = world;
    }

    /** One object that a Pod shows. */
    record Reference(Resource resource, String namespace, String name) {}

    /** Of an object only whether it is another than before, and whether it will ever be. */
    private record Version(String resourceVersion, boolean immutable) {
        static Version of(ObjectNode object) {
            return new Version(
                    Meta.resourceVersion(object), object.path("immutable").booleanValue(false));
        }
    }

    /**
     * Has a Pod told of changes of what it shows, from now on.
     *
     * @param changed must be quick
     */
    synchronized void follow(String uid, Set<Reference> shown, Runnable changed) {
        shown.forEach(reference ->
                followed.computeIfAbsent(reference, Followed::new).readers.put(uid, changed));
    }

    /** A Pod is no longer told; what nobody else shows is not watched any more. */
    synchronized void forget(String uid) {
        ending.removeIf(Task::ended);
        followed.values().removeIf(each -> {
            each.readers.remove(uid);
            if (each.readers.isEmpty()) {
                end(each);
            }
            return each.readers.isEmpty();
        });
    }

    /** Ends all watches, those too that are forgotten but still busy, and waits for their ends within bounds. */
    @Override
    public synchronized void close() {
        followed.values().forEach(this::end);
        followed.clear();
        try {
            for (Task task : ending) {
                task.join(END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.clear();
    }

    private void end(Followed each) {
        each.mirror.close();
        each.task.cancel();
        ending.add(each.task);
    }

    /** The watch of one object. */
    private final class Followed {
        private final Map<String, Runnable> readers = new ConcurrentHashMap<>();
        private final Mirror<Version> mirror;
        private final Task task;

        Followed(Reference reference) {
            var source = new Mirror.Source(
                    reference.resource(), reference.namespace(), "", "metadata.name=" + reference.name());
            mirror = new Mirror<>(api, world, source, Version::of, List.of());
            mirror.onChange(this::changed);
            task = world.start(
                    reference.resource().plural() + " " + reference.namespace() + "/" + reference.name(), mirror::run);
        }

        private void changed(Change<Version> change) {
            if (change instanceof Change.Added<Version> added && added.after().immutable()) {
                mirror.close();
            }
            readers.values().forEach(Runnable::run);
        }
    }
}
