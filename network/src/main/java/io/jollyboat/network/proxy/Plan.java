package io.jollyboat.network.proxy;

import io.jollyboat.client.Key;
import io.jollyboat.network.Route;
import io.jollyboat.network.ServiceTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the node's elements should be, Service by Service. It keeps only the rows of the table that it last saw: old
 * elements are computed again when they are to be removed. Where several Services want one address, one has it and the
 * others wait. One thread uses it.
 */
final class Plan {
    private static final Comparator<Claim> ORDER = Comparator.comparing(Claim::rank)
            .thenComparing(claim -> claim.service().toString());

    private record Claim(Block.Rank rank, Key service) {}

    private final Rules rules;
    private final Map<Key, Route> routes = new HashMap<>();
    private final Map<Vip, List<Claim>> claims = new HashMap<>();

    Plan(ProxySettings settings) {
        this.rules = new Rules(settings);
    }

    /** A plan for the whole table. */
    static Plan of(ProxySettings settings, ServiceTable table) {
        Plan plan = new Plan(settings);
        table.all().forEach(plan::put);
        return plan;
    }

    /** All elements. */
    List<Element> elements() {
        List<Element> all = new ArrayList<>();
        owned(routes.keySet()).values().forEach(block -> all.addAll(block.elements()));
        return all;
    }

    /** Takes in what became of some Services; what that means for the elements. */
    Delta change(ServiceTable table, Set<Key> services) {
        Set<Key> concerned = new HashSet<>(services);
        services.forEach(service -> addRivals(Optional.ofNullable(routes.get(service)), concerned));
        services.forEach(service -> addRivals(table.get(service), concerned));
        Map<Vip, Block> before = owned(concerned);
        for (Key service : services) {
            remove(service);
            table.get(service).ifPresent(this::put);
        }
        Map<Vip, Block> after = owned(concerned);
        Set<Vip> fresh = new HashSet<>(after.keySet());
        fresh.removeAll(before.keySet());
        before.forEach((vip, block) -> {
            if (block.backends().isEmpty()) {
                fresh.add(vip); // what was refused may have left connections that were not translated
            }
        });
        fresh.retainAll(after.keySet());
        return Delta.between(elements(before.values()), elements(after.values()), gone(before, after), fresh);
    }

    private void addRivals(Optional<Route> route, Set<Key> into) {
        if (route.isEmpty()) {
            return;
        }
        for (Rules.Place place : rules.places(route.get().service())) {
            claims.getOrDefault(place.vip(), List.of()).forEach(claim -> into.add(claim.service()));
        }
    }

    private void put(Route route) {
        routes.put(route.key(), route);
        for (Rules.Place place : rules.places(route.service())) {
            Claim claim = new Claim(place.rank(), route.key());
            List<Claim> others = claims.get(place.vip());
            if (others == null) {
                claims.put(place.vip(), List.of(claim));
            } else {
                TreeSet<Claim> all = new TreeSet<>(ORDER);
                all.addAll(others);
                all.add(claim);
                claims.put(place.vip(), List.copyOf(all));
            }
        }
    }

    private void remove(Key service) {
        Route route = routes.remove(service);
        if (route == null) {
            return;
        }
        for (Rules.Place place : rules.places(route.service())) {
            List<Claim> others = claims.getOrDefault(place.vip(), List.of()).stream()
                    .filter(claim -> !claim.service().equals(service))
                    .toList();
            if (others.isEmpty()) {
                claims.remove(place.vip());
            } else {
                claims.put(place.vip(), others);
            }
        }
    }

    private Map<Vip, Block> owned(Collection<Key> services) {
        Map<Vip, Block> owned = new HashMap<>();
        for (Key service : services) {
            Route route = routes.get(service);
            List<Block> blocks = route == null ? List.of() : rules.of(route);
            for (Block block : blocks) {
                List<Claim> all = claims.getOrDefault(block.vip(), List.of());
                if (all.size() == 1 || all.getFirst().equals(new Claim(block.rank(), service))) {
                    owned.put(block.vip(), block);
                }
            }
        }
        return owned;
    }

    private static List<Element> elements(Collection<Block> blocks) {
        List<Element> all = new ArrayList<>();
        blocks.forEach(block -> all.addAll(block.elements()));
        return all;
    }

    private static List<Delta.Gone> gone(Map<Vip, Block> before, Map<Vip, Block> after) {
        List<Delta.Gone> gone = new ArrayList<>();
        before.forEach((vip, block) -> {
            Set<Backend> left = block.backends();
            Block now = after.get(vip);
            if (now != null) {
                left.removeAll(now.backends());
            }
            left.forEach(backend -> gone.add(new Delta.Gone(vip, backend, block.affinityClass())));
        });
        return gone;
    }
}
