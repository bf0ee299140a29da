package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Key;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Route;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServiceTable;
import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoints to which a client is led: those that are ready, or where none is, those that still serve while
 * they end (KEP-1669). With session affinity a client's last endpoint comes first as long as it is among them.
 */
final class Choice {
    /** So many clients' endpoints are remembered; of more, the one unseen for longest is chosen for anew. */
    static final int REMEMBERED_CLIENTS = 10_000;

    private record Client(Key service, Slot slot, InetAddress address) {}

    private record Memory(InetSocketAddress endpoint, long nanos) {}

    private final World world;
    private final LiveTable table;
    private final Map<Client, Memory> memories = new LinkedHashMap<>(); // guarded by itself

    Choice(World world, LiveTable table) {
        this.world = world;
        this.table = table;
    }

    /** Where to lead a client, in the order in which to try; none for a refusal. */
    List<InetSocketAddress> order(Claim claim, InetAddress client) {
        Optional<Route> route = table.current().get(claim.service());
        if (route.isEmpty() || !SourceRange.allows(route.get().service().sourceRanges(), client)) {
            return List.of();
        }
        List<InetSocketAddress> order = new ArrayList<>(candidates(route.get(), claim));
        if (order.size() > 1) {
            Collections.rotate(order, world.random().nextInt(order.size()));
            remembered(route.get().service(), claim, client).ifPresent(last -> {
                if (order.remove(last)) {
                    order.addFirst(last);
                }
            });
        }
        return order;
    }

    ServiceTable table() {
        return table.current();
    }

    /** Whether a flow may stay where it is. */
    static boolean stillThere(ServiceTable table, Claim claim, InetSocketAddress endpoint) {
        Optional<Route> route = table.get(claim.service());
        return route.isPresent() && candidates(route.get(), claim).contains(endpoint);
    }

    /** Notes that a client was led to an endpoint, for Services with affinity. */
    void taken(Claim claim, InetAddress client, InetSocketAddress endpoint) {
        boolean sticky = table.current()
                .get(claim.service())
                .flatMap(route -> route.service().affinity())
                .isPresent();
        if (!sticky) {
            return;
        }
        Client who = new Client(claim.service(), Slot.of(claim.port()), client);
        synchronized (memories) {
            memories.remove(who);
            memories.put(who, new Memory(endpoint, world.nanoTime()));
            if (memories.size() > REMEMBERED_CLIENTS) {
                Iterator<Client> oldest = memories.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Forgets where a client was led: the endpoint refused it. */
    void refused(Claim claim, InetAddress client) {
        synchronized (memories) {
            memories.remove(new Client(claim.service(), Slot.of(claim.port()), client));
        }
    }

    private Optional<InetSocketAddress> remembered(Service service, Claim claim, InetAddress client) {
        Optional<Duration> limit = service.affinity();
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        synchronized (memories) {
            @Nullable Memory memory = memories.get(new Client(claim.service(), Slot.of(claim.port()), client));
            return Optional.ofNullable(memory)
                    .filter(known ->
                            world.nanoTime() - known.nanos <= limit.get().toNanos())
                    .map(Memory::endpoint);
        }
    }

    static List<InetSocketAddress> candidates(Route route, Claim claim) {
        List<InetSocketAddress> ready = new ArrayList<>();
        List<InetSocketAddress> ending = new ArrayList<>();
        for (Endpoint endpoint : route.endpoints()) {
            endpoint.numberOf(claim.port()).ifPresent(number -> {
                InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(endpoint.address()), number);
                if (endpoint.ready()) {
                    ready.add(address);
                } else if (endpoint.serving() && endpoint.terminating()) {
                    ending.add(address);
                }
            });
        }
        return ready.isEmpty() ? ending : ready;
    }
}
