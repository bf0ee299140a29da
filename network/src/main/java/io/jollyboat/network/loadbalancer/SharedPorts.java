package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.loadbalancer.Claims.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The modes in which all Services share the same addresses: each port of them is one Service's. */
final class SharedPorts implements Sharing {
    private final Mode mode;
    private final Optional<Relay> relay;
    private final Nodes nodes;
    private volatile Claims claims = Claims.NONE;

    private SharedPorts(Mode mode, Optional<Relay> relay, Nodes nodes) {
        this.mode = mode;
        this.relay = relay;
        this.nodes = nodes;
    }

    /** On the host's loopback, through a relay, which this closes. */
    static SharedPorts onLocalhost(Relay relay) {
        return new SharedPorts(Mode.LOCALHOST, Optional.of(relay), Nodes.NONE);
    }

    /** On every node's address, where the proxy answers. */
    static SharedPorts onNodes(Nodes nodes) {
        return new SharedPorts(Mode.NODE, Optional.empty(), nodes);
    }

    @Override
    public boolean share(Collection<BalancedService> services) {
        Claims decided = Claims.decide(mode, services, claims);
        Map<Slot, String> problems =
                relay.map(present -> present.serve(decided.granted())).orElse(Map.of());
        claims = decided.without(problems);
        return problems.isEmpty();
    }

    @Override
    public List<Ingress> ingress(BalancedService service) {
        if (!claims.has(service)) {
            return List.of();
        }
        return relay.isPresent()
                ? List.of(Ingress.named("localhost"))
                : nodes.of(service.key()).stream()
                        .flatMap(node -> node.addresses().stream())
                        .filter(service::speaks)
                        .distinct()
                        .map(Ingress::at)
                        .toList();
    }

    @Override
    public List<Refusal> refusals(BalancedService service) {
        return claims.refusalsOf(service);
    }

    @Override
    public void close() {
        relay.ifPresent(Relay::close);
    }
}
