package io.jollyboat.cluster;

import io.jollyboat.api.Api;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.network.Departures;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.ServiceMirror;
import io.jollyboat.network.dns.DnsServer;
import io.jollyboat.network.dns.DnsSettings;
import io.jollyboat.network.dns.ResolvConf;
import io.jollyboat.network.loadbalancer.AddressPool;
import io.jollyboat.network.loadbalancer.Dialer;
import io.jollyboat.network.loadbalancer.HostRoutes;
import io.jollyboat.network.loadbalancer.LoadBalancers;
import io.jollyboat.network.loadbalancer.Mode;
import io.jollyboat.network.proxy.HostPorts;
import io.jollyboat.network.proxy.NodeZone;
import io.jollyboat.network.proxy.Proxy;
import io.jollyboat.network.proxy.ProxySettings;
import io.jollyboat.node.NodeHost;
import io.jollyboat.node.Withdrawal;
import io.jollyboat.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What makes Services work: one table of them, which a proxy and a DNS server on every node read, and the load
 * balancers.
 */
final class ServiceNetwork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServiceNetwork.class.getName());
    private static final Path RESOLVERS = Path.of("/etc/resolv.conf");

    private final Settings settings;
    private final Api api;
    private final World world;
    private final ServiceMirror services;
    private final Departures departures;
    private final List<Proxy> proxies = new CopyOnWriteArrayList<>();
    private final NodeWays ways = new NodeWays();
    private Optional<LoadBalancers> balancers = Optional.empty(); // guarded by this
    private boolean closed; // guarded by this

    private ServiceNetwork(Settings settings, Api api, World world) {
        this.settings = settings;
        this.api = api;
        this.world = world;
        this.services = new ServiceMirror(api, world);
        this.departures = new Departures(world, services.table());
    }

    /** Starts to follow the API; returns at once. */
    static ServiceNetwork start(Settings settings, Api api, World world) {
        ServiceNetwork network = new ServiceNetwork(settings, api, world);
        network.services.start();
        return network;
    }

    /**
     * Makes Services work on a node. The rules of the Services that exist follow within milliseconds.
     *
     * @return takes it back; the rules stay
     * @throws RuntimeException of the part that cannot start; what was started before is stopped again
     */
    LocalNode.Presence join(NodeHost node) throws InterruptedException {
        services.awaitSynced();
        Deque<AutoCloseable> started = new ArrayDeque<>();
        try {
            serve(node, started);
        } catch (RuntimeException e) {
            closeAll(started);
            throw e;
        }
        ways.add(node);
        balance();
        return new LocalNode.Presence() {
            @Override
            public Withdrawal withdrawal() {
                return ServiceNetwork.this::withdrawn;
            }

            @Override
            public void close() {
                ways.remove(node);
                closeAll(started);
            }
        };
    }

    /** Waits until neither the table nor any node's kernel leads to an ending Pod; false at the limit. */
    private boolean withdrawn(String namespace, List<String> addresses, Duration limit) throws InterruptedException {
        long deadline = world.nanoTime() + limit.toNanos();
        if (!departures.await(namespace, addresses, limit)) {
            return false;
        }
        for (Proxy proxy : proxies) {
            if (!proxy.awaitShown(Duration.ofNanos(deadline - world.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    private void serve(NodeHost node, Deque<AutoCloseable> started) throws InterruptedException {
        NetworkNamespace inside = node.namespace();
        AddressPlan plan = AddressPlan.here(settings);
        ProxySettings proxy = new ProxySettings(
                        node.name(),
                        "",
                        node.addresses(),
                        node.podCidrs(),
                        plan.podNetworks(),
                        plan.serviceNetworks(),
                        List.of(settings.dnsAddress()))
                .withBalancerRanges(
                        pools(settings).stream().map(AddressPool::toString).toList());
        HostPorts hostPorts = new HostPorts(api, world, node.name());
        started.push(hostPorts);
        hostPorts.start();
        hostPorts.awaitSynced();
        Proxy running = Proxy.start(world, services.table(), Optional.of(hostPorts), proxy, inside);
        started.push(running);
        proxies.add(running);
        started.push(() -> proxies.remove(running));
        NodeZone zone = new NodeZone(api, world, node.name(), running::moveTo);
        started.push(zone);
        zone.start();
        DnsSettings dns = dns(settings);
        DnsServer.putAddresses(inside, dns.addresses());
        started.push(DnsServer.start(world, services.table(), dns, inside, NetworkNamespace.own()));
    }

    /** The load balancers begin with the first node, and look again with each. */
    private synchronized void balance() {
        balancers.ifPresent(LoadBalancers::nodeIsLinked);
        if (balancers.isEmpty() && !closed) {
            HostRoutes routes =
                    HostRoutes.ofThisMachine(AddressPlan.here(settings).ownNodeNetworks());
            if (settings.balancing().mode() != Mode.POOL) {
                routes.set(Map.of());
            }
            LiveTable table = services.table();
            balancers = Optional.of(
                    switch (settings.balancing().mode()) {
                        case LOCALHOST -> LoadBalancers.onLocalhost(world, api, table, Dialer.from(ways::to));
                        case NODE -> LoadBalancers.onNodes(world, api, table);
                        case POOL -> LoadBalancers.ofPools(world, api, table, pools(settings), routes);
                    });
        }
    }

    private static List<AddressPool> pools(Settings settings) {
        return settings.balancing().mode() == Mode.POOL
                ? AddressPlan.here(settings).balancerPools()
                : List.of();
    }

    private static DnsSettings dns(Settings settings) {
        return DnsSettings.defaults()
                .withZone(settings.domain())
                .withAddresses(List.of(InetAddress.ofLiteral(settings.dnsAddress())))
                .withRanges(clients(settings))
                .withUpstreams(upstreams(settings));
    }

    /** Where those are who may ask. */
    private static List<String> clients(Settings settings) {
        AddressPlan plan = AddressPlan.here(settings);
        List<String> ranges = new ArrayList<>(plan.nodeNetworks());
        ranges.addAll(plan.podNetworks());
        ranges.addAll(plan.serviceNetworks());
        return ranges;
    }

    private static List<InetSocketAddress> upstreams(Settings settings) {
        if (!settings.dnsUpstreams().isEmpty()) {
            return settings.dnsUpstreams().stream().map(DnsSettings::upstream).toList();
        }
        return settings.uplink() ? ResolvConf.servers(RESOLVERS) : List.of();
    }

    private static void closeAll(Deque<AutoCloseable> started) {
        while (!started.isEmpty()) {
            AutoCloseable last = started.pop();
            try {
                last.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "while stopping: {0}", e.toString());
            }
        }
    }

    /** Ends what is left once every node's part has been taken back. */
    @Override
    public synchronized void close() {
        closed = true;
        Deque<AutoCloseable> shared = new ArrayDeque<>(List.of(services, departures));
        balancers.ifPresent(shared::push);
        closeAll(shared);
    }
}
