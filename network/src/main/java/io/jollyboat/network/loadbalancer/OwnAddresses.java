package io.jollyboat.network.loadbalancer;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.network.loadbalancer.Claims.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The mode in which each Service has an address of its own. The proxy of every node answers for all of them; the host's
 * routes bring its clients to a node: the whole pool to one (to the next as soon as that one's link is gone), and an address by
 * itself to another where the external policy Local wants it.
 */
final class OwnAddresses implements Sharing {
    private static final System.Logger LOG = System.getLogger(OwnAddresses.class.getName());

    private final List<AddressPool> pools;
    private final Nodes nodes;
    private final HostRoutes routes;
    private volatile Addresses addresses = Addresses.NONE;
    private Map<String, List<String>> ways = Map.of();

    OwnAddresses(List<AddressPool> pools, Nodes nodes, HostRoutes routes) {
        this.pools = List.copyOf(pools);
        this.nodes = nodes;
        this.routes = routes;
    }

    @Override
    public boolean share(Collection<BalancedService> services) {
        Addresses decided = Addresses.decide(pools, services, addresses);
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

    /** By network, the addresses of the nodes that lead there. The one that is first already stays it as long as it may. */
    private Map<String, List<String>> ways(Collection<BalancedService> services, Addresses decided) {
        Map<String, List<String>> wanted = new HashMap<>();
        for (AddressPool pool : pools) {
            List<String> main = vias(pool.toString(), pool, nodes.usable());
            wanted.put(pool.toString(), main);
            for (BalancedService service : services) {
                decided.of(service).stream().filter(pool::gives).forEach(address -> {
                    List<String> fit = vias(address, pool, nodes.of(service.key()));
                    boolean onTheWay = !main.isEmpty() && fit.contains(main.getFirst());
                    if (!onTheWay) {
                        wanted.put(address, fit);
                    }
                });
            }
        }
        wanted.values().removeIf(List::isEmpty);
        return wanted;
    }

    private List<String> vias(String network, AddressPool pool, List<NodeAddress> fit) {
        List<String> vias = new ArrayList<>();
        for (NodeAddress node : fit) {
            node.addresses().stream()
                    .filter(address -> address.indexOf(':') < 0 == pool.isIpv4())
                    .forEach(vias::add);
        }
        ways.getOrDefault(network, List.of()).stream()
                .limit(1)
                .filter(vias::remove)
                .forEach(first -> vias.addFirst(first));
        return vias;
    }

    @Override
    public List<Ingress> ingress(BalancedService service) {
        return addresses.of(service).stream().map(Ingress::at).toList();
    }

    @Override
    public List<Refusal> refusals(BalancedService service) {
        return addresses.refusalsOf(service);
    }

    /** The routes stay, as the proxies' rules do: connections go on while the server is away. */
    @Override
    public void close() {}
}
