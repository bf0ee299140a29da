package io.jollyboat.network;

import io.jollyboat.client.Key;
import io.jollyboat.client.PersistentMap;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All Services with their endpoints at one moment: what proxy, DNS and load balancer read. It never changes; the
 * {@code with...} methods give another table that shares nearly everything with this one, at a cost in proportion to
 * the one Service that they touch.
 */
public final class ServiceTable {
    public static final ServiceTable EMPTY =
            new ServiceTable(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());

    private static final Comparator<Endpoint> ORDER =
            Comparator.comparing(Endpoint::address).thenComparing(Endpoint::hostname);

    private final PersistentMap<Key, Route> routes;
    private final PersistentMap<Key, EndpointSlice> slices;
    private final PersistentMap<Key, PersistentMap<Key, EndpointSlice>> byService;

    private ServiceTable(
            PersistentMap<Key, Route> routes,
            PersistentMap<Key, EndpointSlice> slices,
            PersistentMap<Key, PersistentMap<Key, EndpointSlice>> byService) {
        this.routes = routes;
        this.slices = slices;
        this.byService = byService;
    }

    /** The Service of that key with its endpoints; empty where there is no such Service, whatever slices there are. */
    public Optional<Route> get(Key service) {
        return routes.get(service);
    }

    /** All Services, in no particular order. */
    public Collection<Route> all() {
        return routes.values();
    }

    public int size() {
        return routes.size();
    }

    /** The table with that Service, new or in place of the one of its key. */
    public ServiceTable with(Service service) {
        Route route = new Route(service, united(service.key(), byService));
        return new ServiceTable(routes.put(service.key(), route), slices, byService);
    }

    public ServiceTable without(Key service) {
        return new ServiceTable(routes.remove(service), slices, byService);
    }

    /** The table with that slice, new or in place of the one of its key, which may have been another Service's. */
    public ServiceTable with(EndpointSlice slice) {
        ServiceTable others = withoutSlice(slice.key());
        PersistentMap<Key, EndpointSlice> siblings = others.byService
                .get(slice.service())
                .orElseGet(PersistentMap::empty)
                .put(slice.key(), slice);
        PersistentMap<Key, PersistentMap<Key, EndpointSlice>> next = others.byService.put(slice.service(), siblings);
        return new ServiceTable(
                refreshed(others.routes, slice.service(), next), others.slices.put(slice.key(), slice), next);
    }

    public ServiceTable withoutSlice(Key slice) {
        Optional<EndpointSlice> known = slices.get(slice);
        if (known.isEmpty()) {
            return this;
        }
        Key service = known.get().service();
        PersistentMap<Key, EndpointSlice> rest =
                byService.get(service).orElseGet(PersistentMap::empty).remove(slice);
        PersistentMap<Key, PersistentMap<Key, EndpointSlice>> next =
                rest.size() == 0 ? byService.remove(service) : byService.put(service, rest);
        return new ServiceTable(refreshed(routes, service, next), slices.remove(slice), next);
    }

    private static PersistentMap<Key, Route> refreshed(
            PersistentMap<Key, Route> routes,
            Key service,
            PersistentMap<Key, PersistentMap<Key, EndpointSlice>> byService) {
        Optional<Route> route = routes.get(service);
        return route.isEmpty()
                ? routes
                : routes.put(service, new Route(route.get().service(), united(service, byService)));
    }

    private static List<Endpoint> united(Key service, PersistentMap<Key, PersistentMap<Key, EndpointSlice>> byService) {
        Map<String, Endpoint> found = new HashMap<>();
        byService.get(service).orElseGet(PersistentMap::empty).forEach((key, slice) -> {
            for (Endpoint endpoint : slice.endpoints()) {
                found.merge(endpoint.address() + " " + endpoint.hostname(), endpoint, Endpoint::united);
            }
        });
        return found.values().stream().sorted(ORDER).toList();
    }
}
