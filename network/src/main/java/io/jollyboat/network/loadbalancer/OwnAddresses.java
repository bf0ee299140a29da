package io.jollyboat.network.loadbalancer;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.network.loadbalancer.Claims.Refusal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mode in which each Service has an address of its own. The proxy of every node answers for all of them; the host's
 * routes bring its clients to a node: the whole pool to one, and an address by itself to another where the external
 * policy Local wants it.
 */
final class OwnAddresses implements Sharing {
    private static final System.Logger LOG = System.getLogger(OwnAddresses.class.getName());

    private final AddressPool pool;
    private final Nodes nodes;
    private final HostRoutes routes;
    private volatile Addresses addresses = Addresses.NONE;
    private Map<String, String> ways = Map.of();

    OwnAddresses(AddressPool pool, Nodes nodes, HostRoutes routes) {
        this.pool = pool;
        this.nodes = nodes;
        this.routes = routes;
    }

    @Override
    public boolean share(Collection<BalancedService> services) {
        Addresses decided = Addresses.decide(pool, services, addresses);
        addresses = decided;
        ways = ways(services, decided);
        try {
            routes.set(ways);
            return true;
        } catch (LinuxException e) {
            LOG.log(System.Logger.Level.WARNING, "load balancers: {0}", e.getMessage());
            return false;
        }
    }

    /** By network, the node's address that leads there. Who leads there already does on, as long as it may. */
    private Map<String, String> ways(Collection<BalancedService> services, Addresses decided) {
        Map<String, String> wanted = new HashMap<>();
        Optional<String> main = way(pool.toString(), nodes.usable());
        main.ifPresent(via -> wanted.put(pool.toString(), via));
        for (BalancedService service : services) {
            decided.of(service).ifPresent(address -> {
                List<NodeAddress> fit = nodes.of(service.key());
                boolean onTheWay = main.isPresent() && vias(fit).contains(main.get());
                if (!onTheWay) {
                    way(address, fit).ifPresent(via -> wanted.put(address, via));
                }
            });
        }
        return wanted;
    }

    private Optional<String> way(String network, List<NodeAddress> fit) {
        List<String> vias = vias(fit);
        return Optional.ofNullable(ways.get(network))
                .filter(vias::contains)
                .or(() -> vias.stream().findFirst());
    }

    private static List<String> vias(List<NodeAddress> fit) {
        return fit.stream()
                .flatMap(node -> node.addresses().stream())
                .filter(address -> address.indexOf(':') < 0)
                .toList();
    }

    @Override
    public List<Ingress> ingress(BalancedService service) {
        return addresses.of(service).map(Ingress::at).stream().toList();
    }

    @Override
    public List<Refusal> refusals(BalancedService service) {
        return addresses.refusalsOf(service);
    }

    /** The routes stay, as the proxies' rules do: connections go on while the server is away. */
    @Override
    public void close() {}
}
