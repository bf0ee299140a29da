package io.jollyboat.network.proxy;

import io.jollyboat.client.Key;
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
import java.util.function.Consumer;

/**
 * What the node's elements should be, Service by Service. It keeps only the rows that it last saw: old
 * elements are computed again when they are to be removed. Where several Services want one address, one has it and the
 * others wait. One thread uses it.
 */
final class Plan {
    private static final Comparator<Claim> ORDER = Comparator.comparing(Claim::rank)
            .thenComparing(claim -> claim.service().toString());

    private record Claim(Block.Rank rank, Key service) {}

    private final Rules rules;
    private final Map<Key, Row> rows = new HashMap<>();
    private final Map<Vip, List<Claim>> claims = new HashMap<>();

    Plan(ProxySettings settings) {
        this.rules = new Rules(settings);
    }

    /** Whence a plan has its rows. */
    interface Rows {
        Optional<Row> get(Key key);

        /** All, in no particular order. */
        void each(Consumer<Row> consumer);

        /** The Services of a table alone. */
        static Rows of(ServiceTable table) {
            return new Rows() {
                @Override
                public Optional<Row> get(Key key) {
                    return table.get(key).map(Row.OfService::new);
                }

                @Override
                public void each(Consumer<Row> consumer) {
                    table.all().forEach(route -> consumer.accept(new Row.OfService(route)));
                }
            };
        }
    }

    /** A plan for everything. */
    static Plan of(ProxySettings settings, Rows rows) {
        Plan plan = new Plan(settings);
        rows.each(plan::put);
        return plan;
    }

    /** All elements. */
    List<Element> elements() {
        List<Element> all = new ArrayList<>();
        owned(rows.keySet()).values().forEach(block -> all.addAll(block.elements()));
        return all;
    }

    /** Takes in what became of some Services; what that means for the elements. */
    Delta change(Rows now, Set<Key> services) {
        Set<Key> concerned = new HashSet<>(services);
        services.forEach(service -> addRivals(Optional.ofNullable(rows.get(service)), concerned));
        services.forEach(service -> addRivals(now.get(service), concerned));
        Map<Vip, Block> before = owned(concerned);
        for (Key service : services) {
            remove(service);
            now.get(service).ifPresent(this::put);
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

    private void addRivals(Optional<? extends Row> row, Set<Key> into) {
        if (row.isEmpty()) {
            return;
        }
        for (Rules.Place place : rules.places(row.get())) {
            claims.getOrDefault(place.vip(), List.of()).forEach(claim -> into.add(claim.service()));
        }
    }

    private void put(Row row) {
        rows.put(row.key(), row);
        for (Rules.Place place : rules.places(row)) {
            Claim claim = new Claim(place.rank(), row.key());
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
        Row row = rows.remove(service);
        if (row == null) {
            return;
        }
        for (Rules.Place place : rules.places(row)) {
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
            Row row = rows.get(service);
            List<Block> blocks = row == null ? List.of() : rules.of(row);
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
