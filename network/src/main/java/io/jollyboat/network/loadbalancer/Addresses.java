package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Key;
import io.jollyboat.network.loadbalancer.Claims.Reason;
import io.jollyboat.network.loadbalancer.Claims.Refusal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which Service has which address of the pool, and who has none and why.
 *
 * <p>Who has an address keeps it, as long as it asks for no other; the statuses tell after a restart. Then those are
 * served that ask for a certain one ({@code spec.loadBalancerIP}), then the rest, each with the lowest that is free; of
 * two the older comes first. Worked example, with the pool 10.41.0.128/30: of "a" (has .129), "b" (asks for .129) and
 * "c" (asks for none), a keeps .129, c gets .130, and b hears that .129 is a's.
 */
record Addresses(Map<Key, String> given, Map<Key, Refusal> refused) {
    static final Addresses NONE = new Addresses(Map.of(), Map.of());

    Addresses {
        given = Map.copyOf(given);
        refused = Map.copyOf(refused);
    }

    /** Shares out the pool; {@code before} tells who has an address already. */
    static Addresses decide(AddressPool pool, Collection<BalancedService> services, Addresses before) {
        List<BalancedService> order =
                services.stream().sorted(BalancedService.BY_AGE).toList();
        Map<Key, String> given = new HashMap<>();
        Map<String, Key> owners = new HashMap<>();
        Map<Key, Refusal> refused = new HashMap<>();
        for (BalancedService service : order) {
            before.present(service)
                    .filter(address -> pool.gives(address) && service.speaks(address))
                    .filter(address ->
                            service.address().isEmpty() || service.address().equals(address))
                    .filter(address -> owners.putIfAbsent(address, service.key()) == null)
                    .ifPresent(address -> given.put(service.key(), address));
        }
        List<BalancedService> waiting = order.stream()
                .filter(service -> service.ours() && !given.containsKey(service.key()))
                .toList();
        for (BalancedService service : waiting) {
            if (!service.speaks(pool.address(0))) {
                refused.put(service.key(), new Refusal(Optional.empty(), Reason.FAMILY, "the pool is IPv4 only"));
            } else if (!service.address().isEmpty()) {
                refusal(pool, service.address(), owners)
                        .ifPresentOrElse(refusal -> refused.put(service.key(), refusal), () -> {
                            owners.put(service.address(), service.key());
                            given.put(service.key(), service.address());
                        });
            }
        }
        Set<String> taken = new HashSet<>(owners.keySet());
        int next = 0;
        for (BalancedService service : waiting) {
            if (given.containsKey(service.key()) || refused.containsKey(service.key())) {
                continue;
            }
            while (next < pool.size() && taken.contains(pool.address(next))) {
                next++;
            }
            if (next < pool.size()) {
                given.put(service.key(), pool.address(next++));
            } else {
                String detail = "all %d addresses of %s are in use".formatted(pool.size(), pool);
                refused.put(service.key(), new Refusal(Optional.empty(), Reason.EXHAUSTED, detail));
            }
        }
        return new Addresses(given, refused);
    }

    /** The address that a Service has: as we know it, or as its status tells. */
    private Optional<String> present(BalancedService service) {
        if (!service.ours()) {
            return Optional.empty();
        }
        return Optional.ofNullable(given.get(service.key()))
                .or(() -> service.present().ingress().stream()
                        .map(Ingress::ip)
                        .filter(ip -> !ip.isEmpty())
                        .findFirst());
    }

    private static Optional<Refusal> refusal(AddressPool pool, String wanted, Map<String, Key> owners) {
        if (!pool.gives(wanted)) {
            String detail = "address %s is none of the pool's, %s to %s"
                    .formatted(wanted, pool.address(0), pool.address(pool.size() - 1));
            return Optional.of(new Refusal(Optional.empty(), Reason.OUTSIDE, detail));
        }
        return Optional.ofNullable(owners.get(wanted))
                .map(owner -> new Refusal(
                        Optional.empty(), Reason.TAKEN, "address %s belongs to Service %s".formatted(wanted, owner)));
    }

    Optional<String> of(BalancedService service) {
        return Optional.ofNullable(given.get(service.key()));
    }

    List<Refusal> refusalsOf(BalancedService service) {
        return Optional.ofNullable(refused.get(service.key())).stream().toList();
    }
}
