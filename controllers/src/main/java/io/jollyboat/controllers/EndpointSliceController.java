package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.controllers.EndpointSlice.Group;
import io.jollyboat.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Keeps the EndpointSlices of Services that select Pods. A Pod's change is acted upon at once and asks only the Services
 * that select it: what is deleted here stops being sent traffic everywhere, so every millisecond counts.
 */
final class EndpointSliceController implements Controller {
    /**
     * Services that are looked at at once. A Pod often belongs to two, one with an address and one without, and the
     * second should not wait until the first one's slice is on the disk; written together they share its wait.
     */
    private static final int WORKERS = 32;

    /** How long to wait for a mirror that lags behind, before looking again unasked. */
    private static final Duration LAG = Duration.ofSeconds(1);

    private final Mirror<Service> services;
    private final Mirror<Pod> pods;
    private final Mirror<Node> nodes;
    private final Mirror<EndpointSlice> slices;
    private final List<Worker> workers;

    EndpointSliceController(
            Api api,
            World world,
            Mirror<Service> services,
            Mirror<Pod> pods,
            Mirror<Node> nodes,
            Mirror<EndpointSlice> slices) {
        this.services = services;
        this.pods = pods;
        this.nodes = nodes;
        this.slices = slices;
        this.workers = IntStream.range(0, WORKERS)
                .mapToObj(_ -> new Worker(api, world))
                .toList();
        services.onChange(change -> add(change.key()));
        pods.onChange(change -> Service.concerned(services.snapshot(), change).forEach(this::add));
        nodes.onChange(this::nodeChanged);
        slices.onChange(change -> change.versions().stream()
                .filter(slice -> slice.managedBy(ServiceEndpoints.MANAGER))
                .forEach(slice -> add(slice.service())));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(services, pods, nodes, slices);
    }

    @Override
    public List<Loop<?>> loops() {
        return workers.stream().<Loop<?>>map(worker -> worker.loop).toList();
    }

    /** A Service always has the same worker, so no two look at it at once. */
    private void add(Key service) {
        workers.get(Math.floorMod(service.hashCode(), WORKERS)).loop.add(service);
    }

    /** The zone of a node stands in each endpoint on it, and without the node there is none. */
    private void nodeChanged(Change<Node> change) {
        Snapshot<Service> present = services.snapshot();
        if (!(change instanceof Change.Modified<Node> modified
                && modified.after().sharesLike(modified.before()))) {
            present.forEach((key, service) -> {
                if (service.sharesZones()) {
                    add(key);
                }
            });
        }
        if (change instanceof Change.Modified<Node> modified
                && modified.before().zone().equals(modified.after().zone())) {
            return;
        }
        for (Pod pod : pods.snapshot().in(Pod.BY_NODE, change.key().name())) {
            Service.selecting(present, pod).forEach(this::add);
        }
    }

    /** Looks after its share of the Services, and remembers what it wrote for them. */
    private final class Worker {
        private final Loop<Key> loop;
        private final Expectations expectations = new Expectations();
        private final SliceWriter writer;

        Worker(Api api, World world) {
            this.loop = new Loop<>(world, "endpointslice-controller", this::handle);
            this.writer = new SliceWriter(api, expectations);
        }

        private void handle(Key key) {
            Snapshot<EndpointSlice> shown = slices.snapshot();
            if (!expectations.settled(key, shown)) {
                loop.addAfter(key, LAG);
                return;
            }
            Optional<Service> found = services.snapshot().get(key);
            if (found.isEmpty()) {
                return; // its slices go with the garbage
            }
            List<EndpointSlice> mine = shown.in(EndpointSlice.BY_SERVICE, key.toString()).stream()
                    .filter(slice -> slice.managedBy(ServiceEndpoints.MANAGER)
                            && !slice.metadata().deleting())
                    .toList();
            if (found.get().selects()) {
                keep(key, found.get(), mine);
            } else {
                writer.delete(key, mine);
            }
        }

        private void keep(Key key, Service service, List<EndpointSlice> mine) {
            List<Pod> selected = service.selected(pods.snapshot());
            Snapshot<Node> known = nodes.snapshot();
            Map<Group, List<Endpoint>> wanted =
                    ServiceEndpoints.of(service, selected, name -> known.get(Key.clusterScoped(name)));
            if (service.sharesZones()) {
                wanted = new ZoneShares(known.all()).hinted(wanted);
            }
            Slices.Outline outline = ServiceEndpoints.outline(service);
            Slices.Plan plan = Slices.plan(mine, wanted, service.families(), outline, Slices.MOST_ENDPOINTS);
            if (service.metadata().deleting()) {
                plan = plan.withoutNew();
            }
            if (!plan.isEmpty()) {
                OwnerReference owner = new OwnerReference(
                        "v1", "Service", key.name(), service.metadata().uid(), true, true);
                Optional<Instant> trigger = Optional.of(ServiceEndpoints.trigger(service, selected));
                writer.carryOut(key, plan, new SliceWriter.Order(owner, outline, trigger));
            }
        }
    }
}
