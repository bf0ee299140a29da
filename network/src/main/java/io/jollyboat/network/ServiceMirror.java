package io.jollyboat.network;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;

/** Feeds a {@link LiveTable} from the API's Services and EndpointSlices. While the API is away the table stays. */
public final class ServiceMirror implements AutoCloseable {
    private static final Resource SERVICES = Resources.kind("v1", "Service");
    private static final Resource SLICES = Resources.kind("discovery.k8s.io/v1", "EndpointSlice");

    private final World world;
    private final LiveTable table = new LiveTable();
    private final Mirror<Service> services;
    private final Mirror<EndpointSlice> slices;

    public ServiceMirror(Api api, World world) {
        this.world = world;
        services = new Mirror<>(api, world, Mirror.Source.all(SERVICES), Service::of, List.of());
        slices = new Mirror<>(api, world, Mirror.Source.all(SLICES), EndpointSlice::of, List.of());
        services.onChange(table::service);
        slices.onChange(table::slice);
    }

    public LiveTable table() {
        return table;
    }

    /** Whether the table has once shown everything; before that nobody should take rules or answers from it. */
    public boolean synced() {
        return services.synced() && slices.synced();
    }

    public void awaitSynced() throws InterruptedException {
        services.awaitSynced();
        slices.awaitSynced();
    }

    /** Takes one step of each mirror, for tests; false when there was nothing to learn. */
    public boolean poll() throws InterruptedException {
        boolean one = services.poll(Duration.ZERO);
        return slices.poll(Duration.ZERO) || one;
    }

    /** Follows the API in tasks of its own until {@link #close}. */
    public void start() {
        world.start("services", services::run);
        world.start("endpoint slices", slices::run);
    }

    @Override
    public void close() {
        services.close();
        slices.close();
    }
}
