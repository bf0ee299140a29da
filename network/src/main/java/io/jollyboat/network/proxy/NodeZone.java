package io.jollyboat.network.proxy;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resources;
import io.jollyboat.client.Change;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Follows a node's zone, as the label of its object tells it, for a proxy that prefers what is near. */
public final class NodeZone implements AutoCloseable {
    private static final String LABEL = "topology.kubernetes.io/zone";

    private final World world;
    private final String node;
    private final Mirror<String> mirror;

    /** @param told is told the zone as soon as it is known and whenever it changes, "" for none */
    public NodeZone(Api api, World world, String node, Consumer<String> told) {
        this.world = world;
        this.node = node;
        Mirror.Source source = Mirror.Source.all(Resources.kind("v1", "Node")).withFields("metadata.name=" + node);
        mirror = new Mirror<>(api, world, source, object -> Meta.labels(object).getOrDefault(LABEL, ""), List.of());
        mirror.onChange(change -> told.accept(zone(change)));
    }

    private static String zone(Change<String> change) {
        return switch (change) {
            case Change.Added<String> added -> added.after();
            case Change.Modified<String> modified -> modified.after();
            case Change.Removed<String> removed -> "";
        };
    }

    /** Follows the API in a task of its own until {@link #close}. */
    public void start() {
        world.start("zone of " + node, mirror::run);
    }

    /** Takes one step, for tests; false when there was nothing to learn. */
    public boolean poll() throws InterruptedException {
        return mirror.poll(Duration.ZERO);
    }

    @Override
    public void close() {
        mirror.close();
    }
}
