package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Mirrors Endpoints that somebody wrote for a Service without selector into slices, which everybody reads. */
final class EndpointSliceMirroringController implements Controller {
    /** How long to wait for a mirror that lags behind, before looking again unasked. */
    private static final Duration LAG = Duration.ofSeconds(1);

    private final Mirror<Endpoints> endpoints;
    private final Mirror<Service> services;
    private final Mirror<EndpointSlice> slices;
    private final Loop<Key> loop;
    private final Expectations expectations = new Expectations();
    private final SliceWriter writer;

    EndpointSliceMirroringController(
            Api api, World world, Mirror<Endpoints> endpoints, Mirror<Service> services, Mirror<EndpointSlice> slices) {
        this.endpoints = endpoints;
        this.services = services;
        this.slices = slices;
        this.writer = new SliceWriter(api, expectations);
        this.loop = new Loop<>(world, "endpointslicemirroring-controller", this::handle);
        endpoints.onChange(change -> loop.add(change.key()));
        services.onChange(change -> loop.add(change.key()));
        slices.onChange(change -> change.versions().stream()
                .filter(slice -> slice.managedBy(MirroredEndpoints.MANAGER))
                .forEach(slice -> loop.add(slice.service())));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(endpoints, services, slices);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key key) {
        Snapshot<EndpointSlice> shown = slices.snapshot();
        if (!expectations.settled(key, shown)) {
            loop.addAfter(key, LAG);
            return;
        }
        List<EndpointSlice> mine = shown.in(EndpointSlice.BY_SERVICE, key.toString()).stream()
                .filter(slice -> slice.managedBy(MirroredEndpoints.MANAGER)
                        && !slice.metadata().deleting())
                .toList();
        boolean open = services.snapshot()
                .get(key)
                .filter(service -> !service.selects())
                .isPresent();
        Optional<Endpoints> source =
                endpoints.snapshot().get(key).filter(found -> open && MirroredEndpoints.wanted(found));
        if (source.isPresent()) {
            mirror(key, source.get(), mine);
        } else {
            writer.delete(key, mine);
        }
    }

    private void mirror(Key key, Endpoints source, List<EndpointSlice> mine) {
        Slices.Outline outline = MirroredEndpoints.outline(source);
        Slices.Plan plan =
                Slices.plan(mine, MirroredEndpoints.of(source), List.of(), outline, MirroredEndpoints.MOST_ADDRESSES);
        OwnerReference owner = new OwnerReference(
                "v1", "Endpoints", key.name(), source.metadata().uid(), true, true);
        writer.carryOut(key, plan, new SliceWriter.Order(owner, outline, Optional.empty()));
    }
}
