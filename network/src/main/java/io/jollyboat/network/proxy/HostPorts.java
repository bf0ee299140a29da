package io.jollyboat.network.proxy;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resources;
import io.jollyboat.client.Change;
import io.jollyboat.client.Key;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The Pods of one node that answer at ports of the node ({@code hostPort}), as the API tells. While the API is away
 * they stay. The way of CNI's {@code portmap} plugin, whose rules would cost each Pod's start a third of a second.
 */
public final class HostPorts implements AutoCloseable {
    private final World world;
    private final String node;
    private final Mirror<HostPod> pods;
    private final Map<Key, HostPod> served = new ConcurrentHashMap<>();
    private volatile Consumer<Key> listener = key -> {};

    public HostPorts(Api api, World world, String node) {
        this.world = world;
        this.node = node;
        Mirror.Source source = Mirror.Source.all(Resources.kind("v1", "Pod")).withFields("spec.nodeName=" + node);
        pods = new Mirror<>(api, world, source, HostPod::of, List.of());
        pods.onChange(this::note);
    }

    private void note(Change<HostPod> change) {
        Key key = new Key(change.key().namespace(), HostPod.MARK + change.key().name());
        HostPod before = served.get(key);
        switch (change) {
            case Change.Added<HostPod> added -> put(key, added.after());
            case Change.Modified<HostPod> modified -> put(key, modified.after());
            case Change.Removed<HostPod> removed -> served.remove(key);
        }
        HostPod after = served.get(key);
        if (before == null ? after != null : !before.equals(after)) {
            listener.accept(key);
        }
    }

    private void put(Key key, HostPod pod) {
        if (pod.isServed()) {
            served.put(key, pod);
        } else {
            served.remove(key);
        }
    }

    Optional<Row> get(Key key) {
        return Optional.ofNullable(served.get(key));
    }

    void each(Consumer<Row> consumer) {
        served.values().forEach(consumer);
    }

    /** Tells one listener which Pods change from now on. */
    void onChange(Consumer<Key> told) {
        listener = told;
    }

    /** Follows the API in a task of its own until {@link #close}. */
    public void start() {
        world.start("host ports of " + node, pods::run);
    }

    /** Waits until all Pods are known; before that nobody should take rules away. */
    public void awaitSynced() throws InterruptedException {
        pods.awaitSynced();
    }

    /** Takes one step, for tests; false when there was nothing to learn. */
    public boolean poll() throws InterruptedException {
        return pods.poll(Duration.ZERO);
    }

    @Override
    public void close() {
        pods.close();
    }
}
