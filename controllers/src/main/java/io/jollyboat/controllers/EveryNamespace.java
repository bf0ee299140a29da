package io.jollyboat.controllers;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.util.List;
import java.util.Optional;

/** Sees to it that every Namespace has one certain object, from the Namespace's creation on and also after somebody changed or deleted it. */
final class EveryNamespace<V> implements Controller {
    private final Mirror<Namespace> namespaces;
    private final Mirror<V> objects;
    private final String name;
    private final Repair<V> repair;
    private final Loop<Key> loop;

    /** Makes the object, or mends it, where that is necessary. */
    @FunctionalInterface
    interface Repair<V> {
        /** @param present what the Namespace has by the object's name */
        void apply(Key object, Optional<V> present);
    }

    /**
     * @param loop the controller's name
     * @param name the object's
     */
    EveryNamespace(
            World world, String loop, Mirror<Namespace> namespaces, Mirror<V> objects, String name, Repair<V> repair) {
        this.namespaces = namespaces;
        this.objects = objects;
        this.name = name;
        this.repair = repair;
        this.loop = new Loop<>(world, loop, this::handle);
        namespaces.onChange(change -> this.loop.add(change.key()));
        objects.onChange(change -> {
            if (change.key().name().equals(name)) {
                this.loop.add(Key.clusterScoped(change.key().namespace()));
            }
        });
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(namespaces, objects);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key namespace) {
        boolean active = namespaces
                .snapshot()
                .get(namespace)
                .filter(found -> !found.metadata().deleting())
                .isPresent();
        if (!active) {
            return;
        }
        Key key = new Key(namespace.name(), name);
        try {
            repair.apply(key, objects.snapshot().get(key));
        } catch (StatusException e) {
            if (!e.is(Reason.ALREADY_EXISTS) && !e.is(Reason.NOT_FOUND) && !Controllers.namespaceTerminates(e)) {
                throw e;
            }
        }
    }
}
