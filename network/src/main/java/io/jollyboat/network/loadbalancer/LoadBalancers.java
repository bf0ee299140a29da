package io.jollyboat.network.loadbalancer;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Route;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServiceTable;
import io.jollyboat.network.TableListener;
import io.jollyboat.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives Services of type LoadBalancer an address, as the mode says, and in the mode {@code localhost} answers there.
 *
 * <p>One loop shares out, a second tells each Service's status what came of it. What did not work, a port that the host
 * does not give for instance, is tried again every {@link #AGAIN}.
 */
public final class LoadBalancers implements AutoCloseable {
    static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Resource SERVICES = Resources.kind("v1", "Service");
    private static final Resource NODES = Resources.kind("v1", "Node");
    private static final String COMPONENT = "load-balancer";
    private static final String ALL = "all";

    private final World world;
    private final Api api;
    private final LiveTable table;
    private final Sharing sharing;
    private final Mirror<BalancedService> services;
    private final Optional<Mirror<NodeAddress>> nodes;
    private final EventRecorder events;
    private final Loop<String> shares;
    private final Loop<Key> statuses;
    private final TableListener endpoints = this::tableChanged;
    private final Map<Key, Told> told = new ConcurrentHashMap<>();
    private boolean closed; // guarded by this

    /** What was written last, which the mirror may not show yet: nothing is announced twice. */
    private record Told(String uid, Standing standing) {}

    /** The nodes are there for the modes that lead through them. */
    LoadBalancers(World world, Api api, LiveTable table, Optional<Mirror<NodeAddress>> nodes, Sharing sharing) {
        this.world = world;
        this.api = api;
        this.table = table;
        this.nodes = nodes;
        this.sharing = sharing;
        services = new Mirror<>(
                api, world, Mirror.Source.all(SERVICES), BalancedService::of, List.of(BalancedService.CONCERNED));
        events = new EventRecorder(api, world, COMPONENT, "");
        shares = new Loop<>(world, "load balancers", this::share);
        statuses = new Loop<>(world, "load balancer statuses", this::tell);
        services.onChange(this::serviceChanged);
        nodes.ifPresent(mirror -> {
            mirror.onChange(change -> shares.add(ALL));
            table.onChange(endpoints);
        });
    }

    /**
     * In the mode {@code localhost}. Everything runs in tasks of its own.
     *
     * @param table whose endpoints the relay leads to; it should have shown everything once
     * @param dialer opens sockets from which the Pods are in reach
     */
    public static LoadBalancers onLocalhost(World world, Api api, LiveTable table, Dialer dialer) {
        return started(onLocalhost(world, api, table, dialer, Relay.loopback()));
    }

    /** In the mode {@code node}: the proxies answer for what the statuses tell. */
    public static LoadBalancers onNodes(World world, Api api, LiveTable table) {
        return started(onNodesIdle(world, api, table));
    }

    /**
     * In the mode {@code pool}; the proxies answer here too, and the routes lead to them.
     *
     * @param pools one of each family that Services may have addresses of
     */
    public static LoadBalancers ofPools(
            World world, Api api, LiveTable table, List<AddressPool> pools, HostRoutes routes) {
        return started(ofPoolsIdle(world, api, table, pools, routes));
    }

    static LoadBalancers onLocalhost(
            World world, Api api, LiveTable table, Dialer dialer, List<InetAddress> addresses) {
        Relay relay = new Relay(world, table, dialer, addresses);
        return new LoadBalancers(world, api, table, Optional.empty(), SharedPorts.onLocalhost(relay));
    }

    static LoadBalancers onNodesIdle(World world, Api api, LiveTable table) {
        Mirror<NodeAddress> mirror = mirrorOfNodes(world, api);
        return new LoadBalancers(world, api, table, Optional.of(mirror), SharedPorts.onNodes(nodes(mirror, table)));
    }

    static LoadBalancers ofPoolsIdle(
            World world, Api api, LiveTable table, List<AddressPool> pools, HostRoutes routes) {
        Mirror<NodeAddress> mirror = mirrorOfNodes(world, api);
        Sharing sharing = new OwnAddresses(pools, nodes(mirror, table), routes);
        return new LoadBalancers(world, api, table, Optional.of(mirror), sharing);
    }

    private static Mirror<NodeAddress> mirrorOfNodes(World world, Api api) {
        return new Mirror<>(api, world, Mirror.Source.all(NODES), NodeAddress::of, List.of());
    }

    private static Nodes nodes(Mirror<NodeAddress> mirror, LiveTable table) {
        return new Nodes(() -> mirror.snapshot().all(), table);
    }

    private static LoadBalancers started(LoadBalancers balancers) {
        balancers.run();
        return balancers;
    }

    void run() {
        world.start("load balancer services", services::run);
        nodes.ifPresent(mirror -> world.start("load balancer nodes", mirror::run));
        world.start("load balancers", () -> {
            try {
                services.awaitSynced();
                if (nodes.isPresent()) {
                    nodes.get().awaitSynced();
                }
                shares.run();
            } catch (InterruptedException e) {
                close();
            }
        });
        world.start("load balancer statuses", statuses::run);
        world.start("load balancer events", events::run);
    }

    /** To be called when a node is linked with this machine anew: routes that ended with its last link are missing. */
    public void nodeIsLinked() {
        shares.add(ALL);
    }

    /** Takes one step of everything, for tests; false when there was nothing to do. */
    boolean poll() throws InterruptedException {
        boolean any = services.poll(Duration.ZERO);
        if (nodes.isPresent()) {
            any |= nodes.get().poll(Duration.ZERO);
        }
        any |= shares.poll();
        any |= statuses.poll();
        return events.poll() || any;
    }

    private void serviceChanged(Change<BalancedService> change) {
        if (change instanceof Change.Removed<BalancedService>) {
            told.remove(change.key());
        }
        if (change.versions().stream()
                .anyMatch(service -> service.ours() || !service.present().equals(Standing.NONE))) {
            shares.add(ALL);
        }
    }

    /** Where the policy is Local the endpoints decide which nodes lead to a Service. */
    private void tableChanged(ServiceTable now, Set<Key> changed) {
        for (Key key : changed) {
            boolean local = now.get(key)
                    .map(Route::service)
                    .filter(service -> service.type() == Service.Type.LOAD_BALANCER && service.externalLocal())
                    .isPresent();
            if (local) {
                shares.add(ALL);
                return;
            }
        }
    }

    private synchronized void share(String all) {
        if (closed) {
            return; // or it would open again what was just given back
        }
        Collection<BalancedService> concerned =
                services.snapshot().in(BalancedService.CONCERNED, BalancedService.any());
        boolean well = sharing.share(concerned);
        for (BalancedService service : concerned) {
            if (!wanted(service).equals(service.present())) {
                statuses.add(service.key());
            }
        }
        if (!well) {
            shares.addAfter(all, AGAIN);
        }
    }

    private Standing wanted(BalancedService service) {
        return Standing.wanted(service, sharing.ingress(service), sharing.refusals(service));
    }

    private void tell(Key key) {
        Optional<BalancedService> found = services.snapshot().get(key);
        if (found.isEmpty()) {
            return;
        }
        BalancedService service = found.get();
        Standing wanted = wanted(service);
        if (wanted.equals(service.present())) {
            return;
        }
        try {
            api.patch(
                    key.in(SERVICES).withSubresource("status"),
                    new Patch.Strategic(wanted.patch(service.uid(), world.now())),
                    WriteOptions.by(COMPONENT));
            Told now = new Told(service.uid(), wanted);
            if (!now.equals(told.put(key, now))) {
                announce(service, wanted);
            }
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private void announce(BalancedService service, Standing wanted) {
        EventRecorder.About about = new EventRecorder.About(
                SERVICES.apiVersion(),
                SERVICES.kind(),
                service.key().namespace(),
                service.key().name(),
                service.uid(),
                "",
                "");
        if (wanted.isError()) {
            events.warning(about, wanted.reason(), wanted.message());
        } else if (!wanted.ingress().isEmpty()) {
            events.normal(about, "EnsuredLoadBalancer", "Ensured load balancer");
        }
    }

    /** Gives all ports back and ends all connections of the relay; statuses and routes stay. */
    @Override
    public void close() {
        services.close();
        nodes.ifPresent(Mirror::close);
        table.remove(endpoints);
        List<Loop<?>> loops = new ArrayList<>(List.of(shares, statuses, events.loop()));
        loops.forEach(Loop::close);
        closeSharing();
    }

    private synchronized void closeSharing() {
        closed = true;
        sharing.close();
    }
}
