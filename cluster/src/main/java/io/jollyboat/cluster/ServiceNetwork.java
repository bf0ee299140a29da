package io.jollyboat.cluster;

import io.jollyboat.api.Api;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.network.ServiceMirror;
import io.jollyboat.network.dns.DnsServer;
import io.jollyboat.network.dns.DnsSettings;
import io.jollyboat.network.dns.ResolvConf;
import io.jollyboat.network.loadbalancer.Dialer;
import io.jollyboat.network.loadbalancer.LoadBalancers;
import io.jollyboat.network.proxy.Proxy;
import io.jollyboat.network.proxy.ProxySettings;
import io.jollyboat.node.NodeHost;
import io.jollyboat.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What makes Services work on a node: the table of them, and proxy, DNS and load balancers that read it. */
final class ServiceNetwork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServiceNetwork.class.getName());
    private static final Path RESOLVERS = Path.of("/etc/resolv.conf");

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private ServiceNetwork() {}

    /**
     * Starts it all. The rules of the Services that exist follow within milliseconds.
     *
     * @throws RuntimeException of the part that cannot start; what was started before is stopped again
     */
    static ServiceNetwork start(Settings settings, NodeHost node, Api api, World world) throws InterruptedException {
        ServiceNetwork network = new ServiceNetwork();
        try {
            network.startAll(settings, node, api, world);
            return network;
        } catch (RuntimeException | InterruptedException e) {
            network.close();
            throw e;
        }
    }

    private void startAll(Settings settings, NodeHost node, Api api, World world) throws InterruptedException {
        NetworkNamespace inside = node.namespace();
        ServiceMirror services = new ServiceMirror(api, world);
        started.push(services);
        services.start();
        services.awaitSynced();
        ProxySettings proxy = new ProxySettings(
                node.name(),
                "",
                List.of(node.address()),
                node.podCidr(),
                settings.podNetwork(),
                settings.serviceNetwork(),
                List.of(settings.dnsAddress()));
        started.push(Proxy.start(world, services.table(), proxy, inside));
        DnsSettings dns = dns(settings);
        DnsServer.putAddresses(inside, dns.addresses());
        started.push(DnsServer.start(world, services.table(), dns, inside, NetworkNamespace.own()));
        started.push(LoadBalancers.start(
                world, api, services.table(), settings.balancing().mode(), Dialer.in(inside)));
    }

    private static DnsSettings dns(Settings settings) {
        return DnsSettings.defaults()
                .withZone(settings.domain())
                .withAddresses(List.of(InetAddress.ofLiteral(settings.dnsAddress())))
                .withRanges(List.of(settings.nodeNetwork(), settings.podNetwork(), settings.serviceNetwork()))
                .withUpstreams(upstreams(settings));
    }

    private static List<InetSocketAddress> upstreams(Settings settings) {
        if (!settings.dnsUpstreams().isEmpty()) {
            return settings.dnsUpstreams().stream().map(DnsSettings::upstream).toList();
        }
        return settings.uplink() ? ResolvConf.servers(RESOLVERS) : List.of();
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable last = started.pop();
            try {
                last.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "while stopping: {0}", e.toString());
            }
        }
    }
}
