package io.jollyboat.network.dns;

import io.jollyboat.network.Endpoint;
import io.jollyboat.network.Route;
import io.jollyboat.network.Service;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** One Service as DNS sees it: its addresses read, its endpoints named. It is made anew when its row changes. */
final class ZoneService {
    /** A ready endpoint of a headless Service; {@code label} is its own hostname, or its address with dashes. */
    record Host(String label, InetAddress address, Endpoint endpoint) {}

    private final Route route;
    private final List<InetAddress> addresses;
    private final List<Host> hosts;
    private final Validity validity = new Validity();

    ZoneService(Route route) {
        this.route = route;
        this.addresses = route.service().clusterIps().stream()
                .flatMap(address -> Literal.address(address).stream())
                .toList();
        this.hosts = route.service().headless() ? hosts(route) : List.of();
    }

    private static List<Host> hosts(Route route) {
        List<Host> hosts = new ArrayList<>();
        for (Endpoint endpoint : route.ready()) {
            String label = endpoint.hostname().isEmpty() ? Literal.dashes(endpoint.address()) : endpoint.hostname();
            Literal.address(endpoint.address()).ifPresent(address -> hosts.add(new Host(label, address, endpoint)));
        }
        return List.copyOf(hosts);
    }

    Service service() {
        return route.service();
    }

    boolean isOf(Route other) {
        return route.equals(other);
    }

    /** The Service's own addresses; none when it is headless. */
    List<InetAddress> addresses() {
        return addresses;
    }

    /** The ready endpoints of a headless Service; none otherwise. */
    List<Host> hosts() {
        return hosts;
    }

    /** All addresses that lead back to a name of this Service. */
    List<InetAddress> reverse() {
        return service().headless()
                ? hosts.stream().map(Host::address).distinct().toList()
                : addresses;
    }

    /** Ends when another is in its place. */
    Validity validity() {
        return validity;
    }
}
