package io.jollyboat.network.dns;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.PacketSocket;
import io.jollyboat.linux.Program;
import io.jollyboat.network.LiveTable;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The cluster's DNS on one node: it listens on the node's own DNS address inside the node's network namespace, answers
 * the cluster's names from the service table and forwards the rest. Nothing is behind it: no Pod, no connection
 * tracking.
 */
public final class DnsServer implements AutoCloseable {
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final Responder responder;
    private final List<PacketSocket> udp = new ArrayList<>();
    private final List<ServerSocket> doors = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private int port;

    private DnsServer(Responder responder) {
        this.responder = responder;
    }

    /**
     * Starts a server.
     *
     * @param table may fill later; wait until it has shown everything first, or names are denied that are there
     * @param inside where it listens: the node
     * @param outside from where other servers are asked: the host, usually
     * @throws LinuxException when an address is taken or is not there
     */
    public static DnsServer start(
            World world, LiveTable table, DnsSettings settings, NetworkNamespace inside, NetworkNamespace outside) {
        Zone zone = new Zone(settings);
        table.onChange(zone);
        List<InetSocketAddress> servers = settings.upstreams().stream()
                .filter(server ->
                        !settings.addresses().contains(server.getAddress()) || server.getPort() != settings.port())
                .toList();
        Forwarder forwarder = new Forwarder(world, servers, new Exchange(world, new Sockets(outside)), Pace.DEFAULT);
        List<AddressRange> clients =
                settings.ranges().stream().map(AddressRange::of).toList();
        DnsServer server = new DnsServer(new Responder(world, new Resolver(zone, forwarder), clients));
        try {
            server.listen(world, settings, inside);
            return server;
        } catch (IOException | LinuxException e) {
            server.close();
            throw new LinuxException(
                    "cannot serve DNS on %s port %d in %s: %s"
                            .formatted(settings.addresses(), settings.port(), inside, e.getMessage()),
                    e);
        }
    }

    /**
     * Puts DNS addresses on a node's loopback, where Pods reach them because the node is their router. Those that are
     * there already stay.
     *
     * @throws LinuxException when the kernel refuses
     */
    public static void putAddresses(NetworkNamespace node, List<InetAddress> addresses) throws LinuxException {
        String net = "--net=" + node.file();
        Program.run("nsenter", net, "ip", "link", "set", "lo", "up");
        for (InetAddress address : addresses) {
            String prefix = address.getHostAddress() + "/" + address.getAddress().length * 8;
            Program.run("nsenter", net, "ip", "addr", "replace", prefix, "dev", "lo");
        }
    }

    private void listen(World world, DnsSettings settings, NetworkNamespace inside) throws IOException {
        Sockets namespace = new Sockets(inside);
        port = settings.port();
        for (InetAddress address : settings.addresses()) {
            ServerSocket door = namespace.listenTcp(new InetSocketAddress(address, port));
            doors.add(door);
            port = door.getLocalPort(); // where the kernel chose it, UDP takes the same
            tasks.add(world.start("dns tcp", new TcpDoor(world, door, responder)::run));
            for (int i = 0; i < settings.loops(); i++) {
                InetSocketAddress socket = new InetSocketAddress(address, port);
                udp.add(PacketSocket.serve(inside, socket, "dns udp", new UdpLoop(responder)));
            }
        }
    }

    /** The port it listens on, which the kernel chose if the settings say 0. */
    public int port() {
        return port;
    }

    public Counts counts() {
        return responder.counts();
    }

    /** Stops listening; what waits for other servers gets no reply any more. */
    @Override
    public void close() {
        udp.forEach(PacketSocket::close);
        for (ServerSocket door : doors) {
            try {
                door.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close a DNS socket", e);
            }
        }
        try {
            for (Task task : tasks) {
                task.cancel();
                task.join(ENDING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
