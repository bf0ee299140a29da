package io.jollyboat.network.proxy;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A node made of namespaces: three Pods behind routed veth pairs, and the outside, which is also where another node's
 * Pod lives. Servers answer each connection or datagram with their name and the client's address.
 */
final class TestNode implements AutoCloseable {
    static final String NODE = "node";
    static final String OUTSIDE = "out";
    static final Map<String, String> PODS = Map.of("a", "10.42.0.11", "b", "10.42.0.12", "c", "10.42.0.13");
    static final Map<String, String> PODS6 =
            Map.of("a", "fd00:10:42::11", "b", "fd00:10:42::12", "c", "fd00:10:42::13");
    static final String REMOTE = "10.42.1.21";
    static final String REMOTE6 = "fd00:10:42:1::21";
    static final String NODE_ADDRESS = "10.41.0.2";
    static final String NODE_ADDRESS6 = "fd00:10:41::2";
    static final ProxySettings SETTINGS = new ProxySettings(
                    "n1",
                    "",
                    List.of(NODE_ADDRESS, NODE_ADDRESS6),
                    List.of("10.42.0.0/24", "fd00:10:42::/120"),
                    List.of("10.42.0.0/16", "fd00:10:42::/48"),
                    List.of("10.43.0.0/16", "fd00:10:43::/112"),
                    List.of("10.43.0.10"))
            .withBalancerRanges(List.of("10.44.0.0/24"));

    private static final int PATIENCE_MILLIS = 20_000;

    /** Of one who expects no answer; a SYN that was lost is sent anew after a second. */
    private static final int HASTE_MILLIS = 1_500;

    private static final String NODE_LINKS = """
            link set lo up
            link add eth0 type veth peer name eth0 netns jp-out
            link set eth0 up
            addr add 10.41.0.2/32 dev eth0
            route add 10.41.0.1 dev eth0
            route add 10.41.0.9 via 10.41.0.1 dev eth0
            route add 10.42.0.0/16 via 10.41.0.1 dev eth0
            route add 10.44.0.0/24 via 10.41.0.1 dev eth0
            addr add fd00:10:41::2/128 dev eth0 nodad
            route add fd00:10:41::1 dev eth0
            route add fd00:10:42::/48 via fd00:10:41::1 dev eth0
            """;
    private static final String OUTSIDE_LINKS = """
            link set lo up
            link set eth0 up
            addr add 10.41.0.1/32 dev eth0
            addr add 10.41.0.9/32 dev lo
            addr add 10.42.1.21/32 dev lo
            route add 10.41.0.2 dev eth0 src 10.41.0.1
            route add 10.42.0.0/24 via 10.41.0.2 dev eth0
            route add 10.44.0.0/24 via 10.41.0.2 dev eth0 src 10.41.0.9
            addr add fd00:10:41::1/128 dev eth0 nodad
            addr add fd00:10:42:1::21/128 dev lo
            route add fd00:10:41::2 dev eth0 src fd00:10:41::1
            route add fd00:10:42::/120 via fd00:10:41::2 dev eth0
            """;

    private final Deque<Channel> open = new ArrayDeque<>();

    TestNode() {
        close();
        for (String name : List.of(NODE, OUTSIDE, "a", "b", "c")) {
            NetworkNamespace.create("jp-" + name);
            in(name, () -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/default/accept_dad"), "0"));
        }
        ip(NODE, NODE_LINKS);
        ip(OUTSIDE, OUTSIDE_LINKS);
        PODS.forEach((name, address) -> {
            ip(NODE, """
                    link add v-%1$s type veth peer name eth0 netns jp-%1$s
                    link set v-%1$s up
                    addr add 10.42.0.1/32 dev v-%1$s
                    route add %2$s dev v-%1$s
                    addr add fd00:10:42::1/128 dev v-%1$s nodad
                    route add %3$s dev v-%1$s
                    """.formatted(name, address, PODS6.get(name)));
            ip(name, """
                    link set lo up
                    link set eth0 up
                    addr add %s/32 dev eth0
                    route add 10.42.0.1 dev eth0
                    route add default via 10.42.0.1
                    addr add %s/128 dev eth0 nodad
                    route add fd00:10:42::1 dev eth0
                    route add default via fd00:10:42::1
                    """.formatted(address, PODS6.get(name)));
        });
        in(NODE, () -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
        in(NODE, () -> Files.writeString(Path.of("/proc/sys/net/ipv4/conf/all/send_redirects"), "0"));
        in(NODE, () -> Files.writeString(Path.of("/proc/sys/net/ipv4/conf/all/route_localnet"), "1"));
        in(NODE, () -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1"));
    }

    static NetworkNamespace namespace(String name) {
        return NetworkNamespace.open(Path.of("/run/netns/jp-" + name));
    }

    static <T> T in(String name, java.util.concurrent.Callable<T> work) {
        try {
            return namespace(name).call(work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static String nft(String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("ip", "netns", "exec", "jp-node", "nft"));
        command.addAll(List.of(arguments));
        return Program.feed("", command);
    }

    /** Serves TCP and UDP on one port, in the Pod of that name. */
    void serve(String pod, int port) {
        serve(pod, pod, PODS.get(pod), port);
        serve(pod, pod, PODS6.get(pod), port);
    }

    void serve(String name, String namespace, String address, int port) {
        InetSocketAddress at = new InetSocketAddress(address, port);
        ServerSocketChannel tcp = in(namespace, () -> ServerSocketChannel.open().bind(at));
        DatagramChannel udp = in(namespace, () -> DatagramChannel.open().bind(at));
        open.push(tcp);
        open.push(udp);
        Thread.ofVirtual().start(() -> answerConnections(name, tcp));
        Thread.ofVirtual().start(() -> answerDatagrams(name, udp));
    }

    private static void answerConnections(String name, ServerSocketChannel server) {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> answer(name, client));
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Answers each byte, so that a connection may go on. */
    private static void answer(String name, SocketChannel client) {
        try (client) {
            String text = name + " " + ((InetSocketAddress) client.getRemoteAddress()).getHostString() + "\n";
            ByteBuffer in = ByteBuffer.allocate(1);
            while (client.read(in.clear()) > 0) {
                client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
        } catch (ClosedChannelException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answerDatagrams(String name, DatagramChannel server) {
        ByteBuffer in = ByteBuffer.allocate(64);
        while (server.isOpen()) {
            try {
                InetSocketAddress client = (InetSocketAddress) server.receive(in.clear());
                String text = name + " " + client.getHostString() + "\n";
                server.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), client);
            } catch (IOException e) {
                return;
            }
        }
    }

    /** A connection from a namespace. */
    SocketChannel connect(String from, String address, int port) throws IOException {
        return connect(from, address, port, PATIENCE_MILLIS);
    }

    private SocketChannel connect(String from, String address, int port, int patience) throws IOException {
        SocketChannel channel = in(from, SocketChannel::open);
        open.push(channel);
        channel.socket().connect(new InetSocketAddress(address, port), patience);
        return channel;
    }

    /** What the server at the other end says, without the line's end. */
    static String talk(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(new byte[] {'?'}));
        channel.socket().setSoTimeout(PATIENCE_MILLIS);
        byte[] answer = new byte[64];
        int length = channel.socket().getInputStream().read(answer);
        return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8).strip();
    }

    /** One TCP connection's answer; "refused" or "lost" where there is none. */
    String ask(String from, String address, int port) throws IOException {
        return ask(from, address, port, PATIENCE_MILLIS);
    }

    /** As {@link #ask}, but soon given up. */
    String askInHaste(String from, String address, int port) throws IOException {
        return ask(from, address, port, HASTE_MILLIS);
    }

    private String ask(String from, String address, int port, int patience) throws IOException {
        try (SocketChannel channel = connect(from, address, port, patience)) {
            return talk(channel);
        } catch (java.net.ConnectException e) {
            return "refused";
        } catch (SocketTimeoutException | java.net.NoRouteToHostException e) {
            return "lost";
        }
    }

    /** The whole answer to a GET over HTTP. */
    String get(String from, String address, int port) throws IOException {
        try (SocketChannel channel = connect(from, address, port)) {
            String request = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            channel.socket().setSoTimeout(PATIENCE_MILLIS);
            return new String(channel.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The names of those who answered so many connections. */
    Set<String> spread(String from, String address, int port, int connections) throws IOException {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < connections; i++) {
            names.add(ask(from, address, port).split(" ")[0]);
        }
        return names;
    }

    /** A UDP socket that keeps its port. */
    DatagramChannel datagrams(String from) {
        DatagramChannel channel = in(from, DatagramChannel::open);
        open.push(channel);
        return channel;
    }

    static String askUdp(DatagramChannel socket, String address, int port) throws IOException {
        if (!socket.isConnected()) {
            socket.connect(new InetSocketAddress(address, port));
        }
        try {
            socket.write(ByteBuffer.wrap(new byte[] {'?'}));
            socket.socket().setSoTimeout(PATIENCE_MILLIS);
            var packet = new java.net.DatagramPacket(new byte[64], 64);
            socket.socket().receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8).strip();
        } catch (java.net.PortUnreachableException e) {
            return "refused";
        } catch (SocketTimeoutException e) {
            return "lost";
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (String name : List.of("a", "b", "c", OUTSIDE, NODE)) {
            NetworkNamespace.delete("jp-" + name);
        }
    }

    private static void ip(String name, String commands) {
        Program.feed(commands, List.of("ip", "-n", "jp-" + name, "-batch", "-"));
    }
}
