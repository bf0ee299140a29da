package io.jollyboat.network.loadbalancer;

import io.jollyboat.client.Key;
import io.jollyboat.network.ServicePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which Service has which port of the shared addresses, and who does not get one and why.
 *
 * <p>The older Service wins. The API knows a Service's age to the second only; among those of one second the one that
 * has its ports already keeps them, then the name decides. So nobody loses a port to a newcomer.
 */
record Claims(Map<Slot, Claim> granted, Map<Key, List<Refusal>> refused) {
    static final Claims NONE = new Claims(Map.of(), Map.of());

    /** A Service's port, as the endpoints serve it. */
    record Claim(Key service, ServicePort port) {}

    /** Why a port is not to be had. */
    enum Reason {
        /** Another Service has it. */
        CLASH("PortClash"),
        /** The host does not give it. */
        NOT_BOUND("PortNotAvailable"),
        /** The mode cannot carry the protocol. */
        PROTOCOL("ProtocolNotSupported"),
        /** Another Service has the address. */
        TAKEN("AddressClash"),
        /** The pool does not hold the address. */
        OUTSIDE("AddressNotAvailable"),
        /** The pool holds no address that is free. */
        EXHAUSTED("PoolExhausted"),
        /** The pool holds no address of the family. */
        FAMILY("FamilyNotSupported");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * @param slot which port is not to be had; empty where it is the address
     * @param detail a sentence for users
     */
    record Refusal(Optional<Slot> slot, Reason reason, String detail) {}

    Claims {
        granted = Map.copyOf(granted);
        refused = Map.copyOf(refused);
    }

    /** Shares out the ports; {@code before} tells who has some already. */
    static Claims decide(Mode mode, Collection<BalancedService> services, Claims before) {
        Map<Slot, Claim> granted = new HashMap<>();
        Map<Key, List<Refusal>> refused = new HashMap<>();
        Comparator<BalancedService> order = Comparator.comparing(BalancedService::created)
                .thenComparing(service -> !before.has(service))
                .thenComparing(BalancedService.BY_AGE);
        for (BalancedService service : services.stream().sorted(order).toList()) {
            List<Refusal> lost = new ArrayList<>();
            Map<Slot, Claim> own = new HashMap<>();
            for (ServicePort port : service.ports()) {
                Slot slot = Slot.of(port);
                Claim rival = granted.get(slot);
                if (!mode.carries(port.protocol())) {
                    String detail = "the load balancer mode %s does not carry %s".formatted(mode, port.protocol());
                    lost.add(new Refusal(Optional.of(slot), Reason.PROTOCOL, detail));
                } else if (rival != null) {
                    String detail = "port %s belongs to Service %s, which is older".formatted(slot, rival.service);
                    lost.add(new Refusal(Optional.of(slot), Reason.CLASH, detail));
                } else {
                    own.put(slot, new Claim(service.key(), port));
                }
            }
            if (lost.isEmpty() || mode.eachPortAlone()) {
                granted.putAll(own);
            }
            if (!lost.isEmpty()) {
                refused.put(service.key(), List.copyOf(lost));
            }
        }
        return new Claims(granted, refused);
    }

    /** The same without the ports that could not be bound; the values say why. */
    Claims without(Map<Slot, String> unbound) {
        Map<Slot, Claim> rest = new HashMap<>(granted);
        Map<Key, List<Refusal>> all = new HashMap<>(refused);
        unbound.forEach((slot, why) -> {
            Claim claim = rest.remove(slot);
            if (claim != null) {
                List<Refusal> longer = new ArrayList<>(all.getOrDefault(claim.service, List.of()));
                longer.add(new Refusal(
                        Optional.of(slot), Reason.NOT_BOUND, "port %s cannot be opened: %s".formatted(slot, why)));
                all.put(claim.service, List.copyOf(longer));
            }
        });
        return new Claims(rest, all);
    }

    List<Refusal> refusalsOf(BalancedService service) {
        return refused.getOrDefault(service.key(), List.of());
    }

    /** Whether the Service has one of its ports. */
    boolean has(BalancedService service) {
        return service.ports().stream().map(Slot::of).anyMatch(slot -> {
            Claim claim = granted.get(slot);
            return claim != null && claim.service.equals(service.key());
        });
    }
}
