package io.jollyboat.e2e;

import com.sun.net.httpserver.HttpServer;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * What stands for the world outside of a cluster that has no uplink: a network namespace linked with one of the
 * cluster's nodes, with a DNS server, a web server for {@code raw.githubusercontent.com}, and a server that tells its clients
 * their address. The host and the other nodes reach it by way of that node.
 */
final class Outside implements AutoCloseable {
    /** Of a block that nobody has (RFC 5737). */
    static final String ADDRESS = "198.51.100.53";

    /** Where queries are taken and never answered. */
    static final String DEAF = "198.51.100.54";

    /** What the web server answers where the real one would send a random number that somebody once threw. */
    static final String NUMBER = "87";

    /** Where TCP and UDP clients are told their own address. */
    static final int TELLER = 7777;

    private static final Map<String, String> HOSTS = Map.of("raw.githubusercontent.com", ADDRESS);
    private static final int DATAGRAM_BYTES = 512;
    private static final String DEVICE = "je-outside";

    private final String node;
    private final String name;
    private final int number;
    private final List<String> others;
    private final String nodeAddress;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private volatile boolean silent;

    private Outside(TestCluster cluster, int number) {
        List<String> all = IntStream.rangeClosed(1, cluster.nodes().size())
                .mapToObj(each -> namespace(cluster, each))
                .toList();
        this.number = number;
        this.node = namespace(cluster, number);
        this.others = all.stream().filter(one -> !one.equals(node)).toList();
        this.name = "je-out-" + cluster.name();
        this.nodeAddress = cluster.field(
                "nodes/" + cluster.nodes().get(number - 1),
                "{.status.addresses[0].address}",
                address -> !address.isEmpty());
    }

    private static String namespace(TestCluster cluster, int number) {
        return number == 1 ? cluster.name() : cluster.name() + "." + number;
    }

    /** Makes it beside the first node of a running cluster. */
    static Outside beside(TestCluster cluster) {
        return beside(cluster, 1);
    }

    /** Makes it beside the node with that number, from 1. */
    static Outside beside(TestCluster cluster, int number) {
        Outside outside = new Outside(cluster, number);
        try {
            outside.make();
            return outside;
        } catch (Exception e) {
            outside.close();
            throw new AssertionError("no outside can be made", e);
        }
    }

    private void make() throws Exception {
        NetworkNamespace.create(name);
        ip(node, """
                link add %1$s type veth peer name eth0 netns %2$s
                addr add %4$s/32 dev %1$s
                link set %1$s up
                route add %3$s dev %1$s
                route add %5$s dev %1$s
                """.formatted(DEVICE, name, ADDRESS, nodeAddress, DEAF));
        ip(name, """
                link set lo up
                link set eth0 up
                addr add %1$s/32 dev eth0
                addr add %3$s/32 dev eth0
                route add %2$s dev eth0
                route add default via %2$s
                """.formatted(ADDRESS, nodeAddress, DEAF));
        Program.run("ip", "route", "add", ADDRESS, "via", nodeAddress);
        for (String other : others) {
            ip(other, "route add %s via %s dev node-%d onlink\n".formatted(ADDRESS, nodeAddress, number));
        }
        Program.run("ip", "route", "add", DEAF, "via", nodeAddress);
        serveNames();
        serveNumbers();
        tellAddresses();
    }

    private static void ip(String namespace, String commands) {
        Program.feed(commands, List.of("ip", "-n", namespace, "-batch", "-"));
    }

    private <T> T inside(Callable<T> opening) throws Exception {
        return NetworkNamespace.open(Path.of("/run/netns", name)).call(opening);
    }

    /** Whether its DNS server leaves queries without an answer from now on. */
    void fallSilent(boolean now) {
        silent = now;
    }

    private static InetSocketAddress at(int port) {
        return at(ADDRESS, port);
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private interface Work {
        void run() throws IOException;
    }

    private void during(Channel channel, Work step) {
        open.push(channel);
        Thread.ofVirtual().start(() -> {
            while (channel.isOpen()) {
                try {
                    step.run();
                } catch (AsynchronousCloseException e) {
                    return;
                } catch (IOException e) {
                    System.getLogger("outside").log(System.Logger.Level.WARNING, e);
                }
            }
        });
    }

    private void serveNames() throws Exception {
        DatagramChannel udp = inside(() -> DatagramChannel.open().bind(at(53)));
        ByteBuffer packet = ByteBuffer.allocate(DATAGRAM_BYTES);
        during(udp, () -> {
            InetSocketAddress client = (InetSocketAddress) udp.receive(packet.clear());
            if (!silent) {
                udp.send(answer(packet.flip()), client);
            }
        });
        open.push(inside(() -> DatagramChannel.open().bind(at(DEAF, 53))));
    }

    /** The reply to a query (RFC 1035 section 4): an address of a host that is known, else that there is no such name. */
    private static ByteBuffer answer(ByteBuffer query) {
        int at = 12;
        StringBuilder asked = new StringBuilder();
        for (int length = query.get(at); length > 0; length = query.get(at)) {
            byte[] label = new byte[length];
            query.get(at + 1, label);
            asked.append(asked.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
            at += length + 1;
        }
        short type = query.getShort(at + 1);
        String address = HOSTS.get(asked.toString());
        boolean told = address != null && type == 1;
        ByteBuffer reply = ByteBuffer.allocate(DATAGRAM_BYTES);
        reply.putShort(query.getShort(0)).putShort((short) (0x8180 | (address == null ? 3 : 0)));
        reply.putShort((short) 1).putShort((short) (told ? 1 : 0)).putInt(0);
        reply.put(query.slice(12, at + 5 - 12));
        if (told) {
            reply.putShort((short) 0xc00c)
                    .putShort(type)
                    .putShort((short) 1)
                    .putInt(60)
                    .putShort((short) 4);
            reply.put(InetAddress.ofLiteral(address).getAddress());
        }
        return reply.flip();
    }

    private void serveNumbers() throws Exception {
        HttpServer web = inside(() -> HttpServer.create(at(80), 0));
        web.createContext("/", exchange -> {
            String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
            boolean known = HOSTS.containsKey(host)
                    && exchange.getRequestURI().getPath().equals("/sixeyed/kiamol/master/ch03/numbers/rng");
            byte[] body = (known ? NUMBER : "no such host or page").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        web.start();
        open.push(() -> web.stop(0));
    }

    private void tellAddresses() throws Exception {
        ServerSocketChannel tcp = inside(() -> ServerSocketChannel.open().bind(at(TELLER)));
        during(tcp, () -> {
            try (SocketChannel client = tcp.accept()) {
                client.write(told((InetSocketAddress) client.getRemoteAddress()));
            }
        });
        DatagramChannel udp = inside(() -> DatagramChannel.open().bind(at(TELLER)));
        ByteBuffer packet = ByteBuffer.allocate(DATAGRAM_BYTES);
        during(udp, () -> {
            InetSocketAddress client = (InetSocketAddress) udp.receive(packet.clear());
            udp.send(told(client), client);
        });
    }

    private static ByteBuffer told(InetSocketAddress client) {
        return ByteBuffer.wrap(("you are " + client.getAddress().getHostAddress()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        Program.result("", List.of("ip", "route", "delete", ADDRESS, "via", nodeAddress));
        Program.result("", List.of("ip", "route", "delete", DEAF, "via", nodeAddress));
        Program.result("", List.of("ip", "-n", node, "link", "delete", DEVICE));
        NetworkNamespace.delete(name);
    }
}
