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
import io.jollyboat.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives Services of type LoadBalancer an address and, in the mode {@code localhost}, answers there.
 *
 * <p>One loop shares out the ports and opens them, a second tells each Service's status what came of it. A port that the
 * host does not give is tried again every {@link #AGAIN}.
 */
public final class LoadBalancers implements AutoCloseable {
    static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Resource SERVICES = Resources.kind("v1", "Service");
    private static final Resource NODES = Resources.kind("v1", "Node");
    private static final String COMPONENT = "load-balancer";

    private final World world;
    private final Api api;
    private final Mode mode;
    private final Optional<Relay> relay;
    private final Mirror<BalancedService> services;
    private final Optional<Mirror<NodeAddress>> nodes;
    private final EventRecorder events;
    private final Loop<Mode> ports;
    private final Loop<Key> statuses;
    private final Map<Key, Told> told = new ConcurrentHashMap<>();
    private volatile Claims claims = Claims.NONE;
    private boolean closed; // guarded by this

    /** What was written last, which the mirror may not show yet: nothing is announced twice. */
    private record Told(String uid, Standing standing) {}

    /** The addresses count for the mode {@code localhost} only. */
    LoadBalancers(World world, Api api, LiveTable table, Mode mode, Dialer dialer, List<InetAddress> addresses) {
        this.world = world;
        this.api = api;
        this.mode = mode;
        relay = mode == Mode.LOCALHOST ? Optional.of(new Relay(world, table, dialer, addresses)) : Optional.empty();
        services = new Mirror<>(
                api, world, Mirror.Source.all(SERVICES), BalancedService::of, List.of(BalancedService.CONCERNED));
        nodes = mode == Mode.NODE
                ? Optional.of(new Mirror<>(api, world, Mirror.Source.all(NODES), NodeAddress::of, List.of()))
                : Optional.empty();
        events = new EventRecorder(api, world, COMPONENT, "");
        ports = new Loop<>(world, "load balancer ports", this::share);
        statuses = new Loop<>(world, "load balancer statuses", this::tell);
        services.onChange(this::serviceChanged);
        nodes.ifPresent(mirror -> mirror.onChange(change -> ports.add(mode)));
    }

    /**
     * Starts it all in tasks of its own.
     *
     * @param table whose endpoints the relay leads to; it should have shown everything once
     * @param dialer opens sockets from which the Pods are in reach; only the mode {@code localhost} dials
     */
    public static LoadBalancers start(World world, Api api, LiveTable table, Mode mode, Dialer dialer) {
        LoadBalancers balancers = new LoadBalancers(world, api, table, mode, dialer, Relay.loopback());
        balancers.run();
        return balancers;
    }

    void run() {
        world.start("load balancer services", services::run);
        nodes.ifPresent(mirror -> world.start("load balancer nodes", mirror::run));
        world.start("load balancer ports", () -> {
            try {
                services.awaitSynced();
                if (nodes.isPresent()) {
                    nodes.get().awaitSynced();
                }
                ports.run();
            } catch (InterruptedException e) {
                close();
            }
        });
        world.start("load balancer statuses", statuses::run);
        world.start("load balancer events", events::run);
    }

    /** Takes one step of everything, for tests; false when there was nothing to do. */
    boolean poll() throws InterruptedException {
        boolean any = services.poll(Duration.ZERO);
        if (nodes.isPresent()) {
            any |= nodes.get().poll(Duration.ZERO);
        }
        any |= ports.poll();
        any |= statuses.poll();
        return events.poll() || any;
    }

    /** How many TCP connections the relay carries now. */
    public int openConnections() {
        return relay.map(Relay::openConnections).orElse(0);
    }

    /** How many UDP flows the relay carries now. */
    public int openFlows() {
        return relay.map(Relay::openFlows).orElse(0);
    }

    private void serviceChanged(Change<BalancedService> change) {
        if (change instanceof Change.Removed<BalancedService>) {
            told.remove(change.key());
        }
        if (change.versions().stream()
                .anyMatch(service -> service.ours() || !service.present().equals(Standing.NONE))) {
            ports.add(mode);
        }
    }

    private synchronized void share(Mode key) {
        if (closed) {
            return; // or it would open again what was just given back
        }
        Collection<BalancedService> concerned =
                services.snapshot().in(BalancedService.CONCERNED, BalancedService.any());
        Claims decided = Claims.decide(mode, concerned, claims);
        Map<Slot, String> problems =
                relay.map(present -> present.serve(decided.granted())).orElse(Map.of());
        claims = decided.without(problems);
        for (BalancedService service : concerned) {
            if (!wanted(service).equals(service.present())) {
                statuses.add(service.key());
            }
        }
        if (!problems.isEmpty()) {
            ports.addAfter(key, AGAIN);
        }
    }

    private Standing wanted(BalancedService service) {
        return Standing.wanted(mode, NodeAddress.of(nodes.map(Mirror::snapshot)), service, claims);
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

    /** Gives all ports back and ends all connections; the statuses stay. */
    @Override
    public void close() {
        services.close();
        nodes.ifPresent(Mirror::close);
        List<Loop<?>> loops = new ArrayList<>(List.of(ports, statuses, events.loop()));
        loops.forEach(Loop::close);
        closeRelay();
    }

    private synchronized void closeRelay() {
        closed = true;
        relay.ifPresent(Relay::close);
    }
}
