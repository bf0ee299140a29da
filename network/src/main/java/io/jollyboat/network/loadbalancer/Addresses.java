package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Key;
import io.jollyboat.network.loadbalancer.Claims.Reason;
import io.jollyboat.network.loadbalancer.Claims.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which Service has which addresses of the pools, one of each of its families, and who lacks one and why.
 *
 * <p>Who has an address keeps it, as long as it asks for no other; the statuses tell after a restart. Then those are
 * served that ask for a certain one ({@code spec.loadBalancerIP}), then the rest, each with the lowest that is free; of
 * two the older comes first. Worked example, with the pool 10.41.0.128/30: of "a" (has .129), "b" (asks for .129) and
 * "c" (asks for none), a keeps .129, c gets .130, and b hears that .129 is a's.
 */
record Addresses(Map<Key, List<String>> given, Map<Key, Refusal> refused) {
    static final Addresses NONE = new Addresses(Map.of(), Map.of());

    Addresses {
        given = Map.copyOf(given);
        refused = Map.copyOf(refused);
    }

    /**
     * Shares out the pools; {@code before} tells who has which addresses already.
     *
     * @param pools at most one of each family
     */
    static Addresses decide(List<AddressPool> pools, Collection<BalancedService> services, Addresses before) {
        List<BalancedService> order = services.stream()
                .filter(BalancedService::ours)
                .sorted(BalancedService.BY_AGE)
                .toList();
        Map<Key, List<String>> given = new HashMap<>();
        Map<Key, Refusal> refused = new HashMap<>();
        for (BalancedService service : order) {
            if (pools.stream().noneMatch(pool -> service.speaks(pool.address(0)))) {
                refused.put(service.key(), new Refusal(Optional.empty(), Reason.FAMILY, "the pool is IPv4 only"));
            }
        }
        for (AddressPool pool : pools) {
            Round round = new Round(pool, pools.size() == 1, new HashMap<>(), refused);
            round.decide(
                    order.stream()
                            .filter(service -> service.speaks(pool.address(0)))
                            .toList(),
                    before);
            round.owners.forEach((address, key) ->
                    given.computeIfAbsent(key, any -> new ArrayList<>()).add(address));
        }
        return new Addresses(given, refused);
    }

    /**
     * One pool and the Services of its family.
     *
     * @param only whether there is no other pool, so that whatever a Service asks for is asked of this one
     * @param owners who has which address
     */
    private record Round(AddressPool pool, boolean only, Map<String, Key> owners, Map<Key, Refusal> refused) {
        private void decide(List<BalancedService> services, Addresses before) {
            List<BalancedService> waiting = new ArrayList<>();
            for (BalancedService service : services) {
                boolean kept = before.present(service).stream()
                        .filter(pool::gives)
                        .filter(address -> !asks(service) || service.address().equals(address))
                        .limit(1)
                        .anyMatch(address -> owners.putIfAbsent(address, service.key()) == null);
                if (!kept) {
                    waiting.add(service);
                }
            }
            waiting.stream().filter(this::asks).forEach(this::giveAsked);
            giveRest(waiting.stream().filter(service -> !asks(service)).toList());
        }

        private boolean asks(BalancedService service) {
            String wanted = service.address();
            return !wanted.isEmpty() && (only || wanted.indexOf(':') < 0 == pool.isIpv4());
        }

        private void giveAsked(BalancedService service) {
            refusal(pool, service.address(), owners)
                    .ifPresentOrElse(
                            refusal -> refused.putIfAbsent(service.key(), refusal),
                            () -> owners.put(service.address(), service.key()));
        }

        private void giveRest(List<BalancedService> waiting) {
            int next = 0;
            for (BalancedService service : waiting) {
                while (next < pool.size() && owners.containsKey(pool.address(next))) {
                    next++;
                }
                if (next < pool.size()) {
                    owners.put(pool.address(next), service.key());
                } else {
                    String detail = "all %d addresses of %s are in use".formatted(pool.size(), pool);
                    refused.putIfAbsent(service.key(), new Refusal(Optional.empty(), Reason.EXHAUSTED, detail));
                }
            }
        }
    }

    /** The addresses that a Service has: as we know them, or as its status tells. */
    private List<String> present(BalancedService service) {
        List<String> known = of(service);
        return known.isEmpty()
                ? service.present().ingress().stream()
                        .map(Ingress::ip)
                        .filter(ip -> !ip.isEmpty())
                        .toList()
                : known;
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

    /** In the order of the pools, one of each family at most. */
    List<String> of(BalancedService service) {
        return given.getOrDefault(service.key(), List.of());
    }

    List<Refusal> refusalsOf(BalancedService service) {
        return Optional.ofNullable(refused.get(service.key())).stream().toList();
    }
}
