package io.jollyboat.network.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import io.jollyboat.network.LiveTable;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.World;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole server with two loops on loopback, asked by sockets and by dig. */
@Timeout(180)
class DnsServerTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Name TARGET = Name.of("www.example.com");

    private final LiveTable table = Tables.ofObjects();
    private Upstream upstream;
    private DnsServer server;

    @BeforeEach
    void start() throws IOException {
        upstream = new Upstream(DnsServerTest::outside);
        server = DnsServer.start(
                World.system(), table, settings(upstream), NetworkNamespace.own(), NetworkNamespace.own());
    }

    private static DnsSettings settings(Upstream upstream) {
        return DnsSettings.defaults()
                .withAddresses(List.of(LOOPBACK))
                .withPort(0)
                .withLoops(2)
                .withUpstreams(List.of(upstream.address()));
    }

    /** www.example.com has an address; cross.example.com is a name of the cluster's. */
    private static Answer outside(Question question) {
        if (question.name().equals(Name.of("cross.example.com"))) {
            Name inside = Name.of("web.shop.svc.cluster.local");
            return Answer.of(
                    List.of(ResourceRecord.pointing(question.name(), RecordType.CNAME, 60, inside)), List.of());
        }
        boolean known = question.name().equals(TARGET) && question.type() == RecordType.A;
        return known
                ? Answer.of(
                        List.of(ResourceRecord.address(TARGET, 60, InetAddress.ofLiteral("198.51.100.1"))), List.of())
                : Answer.missing(ResourceRecord.authority(Name.of("com"), 60, TARGET, TARGET, 1, 2, 3, 4, 5));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        upstream.close();
    }

    private String udp(String question) throws IOException {
        byte[] bytes = new byte[4_096];
        int length = new MessageWriter(bytes).query(77, Texts.question(question), true);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(LOOPBACK, server.port());
            socket.setSoTimeout(60_000);
            socket.send(new DatagramPacket(bytes, length));
            DatagramPacket reply = new DatagramPacket(bytes, bytes.length);
            socket.receive(reply);
            return Texts.of(bytes, reply.getLength());
        }
    }

    @Test
    void manyClientsAreAnsweredByBothLoops() throws IOException {
        for (int i = 0; i < 100; i++) {
            assertThat(udp("web.shop.svc.cluster.local A"))
                    .isEqualTo("NOERROR aa\nweb.shop.svc.cluster.local. 5 A 10.43.0.20");
        }
        assertThat(server.counts().queries()).isEqualTo(100);
        assertThat(server.counts().prepared()).isGreaterThan(90);
        assertThat(upstream.asked).isEmpty();
    }

    @Test
    void anOutsideNameIsForwardedOnce() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(udp("www.example.com A"))
                    .startsWith("NOERROR\nwww.example.com.")
                    .endsWith(" A 198.51.100.1");
        }
        assertThat(upstream.asked).hasSize(1);
        assertThat(udp("nobody.example.com A")).startsWith("NXDOMAIN\nauthority: com.");
    }

    @Test
    void anExternalNameComesWithItsAddress() throws IOException {
        assertThat(udp("outside.shop.svc.cluster.local A").lines().toList())
                .hasSize(3)
                .contains("outside.shop.svc.cluster.local. 5 CNAME www.example.com.")
                .last()
                .asString()
                .startsWith("www.example.com.")
                .endsWith("A 198.51.100.1");
    }

    @Test
    void anOutsideNameMayLeadIntoTheCluster() throws IOException {
        assertThat(udp("cross.example.com A").lines())
                .contains("web.shop.svc.cluster.local. 5 A 10.43.0.20")
                .hasSize(3);
    }

    @Test
    void withoutAnswersFromOutsideTheAliasIsStillTold() throws IOException {
        upstream.close();
        assertThat(udp("outside.shop.svc.cluster.local A"))
                .isEqualTo("NOERROR aa\noutside.shop.svc.cluster.local. 5 CNAME www.example.com.");
        assertThat(udp("www.example.com A")).isEqualTo("SERVFAIL");
    }

    @Test
    void severalQueriesShareAConnection() throws IOException {
        try (Socket socket = new Socket(LOOPBACK, server.port())) {
            socket.setSoTimeout(60_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] query = new byte[512];
            List<String> questions =
                    List.of("web.shop.svc.cluster.local A", "www.example.com A", "svc.cluster.local A");
            for (String question : questions) {
                int length = new MessageWriter(query).query(1, Texts.question(question), false);
                out.writeShort(length);
                out.write(query, 0, length);
            }
            for (String expected : List.of("A 10.43.0.20", "A 198.51.100.1", "SOA")) {
                byte[] reply = new byte[in.readUnsignedShort()];
                in.readFully(reply);
                assertThat(Texts.of(reply, reply.length)).contains(expected);
            }
        }
    }

    @Test
    void rubbishEndsAConnectionAndNothingElse() throws IOException {
        try (Socket socket = new Socket(LOOPBACK, server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3});
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(udp("web.shop.svc.cluster.local A")).startsWith("NOERROR");
    }

    @Test
    @Needs(Need.DIG)
    void whoIsTooLargeForUdpComesAgainByTcp() {
        StringBuilder slice = new StringBuilder("""
                kind: EndpointSlice
                metadata: {namespace: data, name: db-1, labels: {kubernetes.io/service-name: db}}
                addressType: IPv4
                endpoints:
                """);
        for (int i = 1; i <= 200; i++) {
            slice.append("- {addresses: [10.42.7.%d]}\n".formatted(i));
        }
        Tables.add(table, slice.toString());
        assertThat(dig("+short", "db.data.svc.cluster.local").lines()).hasSize(200);
        assertThat(dig("+short", "+ignore", "db.data.svc.cluster.local").lines().count())
                .isBetween(50L, 80L);
        assertThat(dig("+short", "+tcp", "db.data.svc.cluster.local").lines()).hasSize(200);
    }

    private String dig(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("dig", "@127.0.0.1", "-p", String.valueOf(server.port()), "+time=30", "+tries=1"));
        command.addAll(List.of(arguments));
        return Program.run(command.toArray(String[]::new));
    }

    @Test
    @Needs(Need.DIG)
    void digIsContent() {
        String capitals = dig("WEB.shop.svc.CLUSTER.local");
        assertThat(capitals)
                .contains("status: NOERROR", "flags: qr aa rd ra", "WEB.shop.svc.CLUSTER.local. 5\tIN\tA\t10.43.0.20");
        assertThat(capitals).contains("EDNS: version: 0", "udp: 1232").doesNotContain("bad packet", "malformed");
        assertThat(dig("+noedns", "+tcp", "nothing.default.svc.cluster.local"))
                .contains("status: NXDOMAIN", "SOA\tns.dns");
        assertThat(dig("+noall", "+answer", "+additional", "SRV", "_sql._tcp.db.data.svc.cluster.local"))
                .contains("SRV\t0 33 15432 db-0.db.data.svc.cluster.local.", "A\t10.42.1.6");
        assertThat(dig("+short", "-x", "10.43.0.20")).isEqualTo("web.shop.svc.cluster.local.\n");
        assertThat(dig("+short", "TXT", "dns-version.cluster.local")).isEqualTo("\"1.1.0\"\n");
        assertThat(dig("+short", "outside.shop.svc.cluster.local")).isEqualTo("www.example.com.\n198.51.100.1\n");
        assertThat(dig("+edns=1", "+noednsneg", "web.shop.svc.cluster.local")).contains("status: BADVERS");
    }

    @Test
    void aTakenPortIsToldClearly() {
        DnsSettings taken = settings(upstream).withPort(server.port());
        assertThatThrownBy(() ->
                        DnsServer.start(World.system(), table, taken, NetworkNamespace.own(), NetworkNamespace.own()))
                .hasMessageContaining("cannot serve DNS on [/127.0.0.1] port " + server.port());
    }

    @Test
    @Needs({Need.ROOT, Need.IP, Need.DIG})
    void aNodeIsServedInItsOwnNamespaceAndNobodyOutsideTheCluster() throws InterruptedException {
        String name = "jolly-dns-test-" + ProcessHandle.current().pid();
        NetworkNamespace node = NetworkNamespace.create(name);
        Optional<DnsServer> inside = Optional.empty();
        try {
            DnsSettings settings = DnsSettings.defaults().withUpstreams(List.of(upstream.address()));
            DnsServer.putAddresses(node, settings.addresses());
            DnsServer.putAddresses(node, settings.addresses());
            Program.run("ip", "-n", name, "addr", "add", "203.0.113.1/32", "dev", "lo");
            inside = Optional.of(DnsServer.start(World.system(), table, settings, node, NetworkNamespace.own()));
            String[] ask = {
                "ip", "netns", "exec", name, "dig", "@10.43.0.10", "+short", "+time=30", "+tries=1", "www.example.com"
            };
            assertThat(Program.run(ask)).isEqualTo("198.51.100.1\n");
            List<String> stranger = new ArrayList<>(List.of(ask));
            stranger.addAll(List.of("+time=1", "-b", "203.0.113.1"));
            assertThat(Program.result("", stranger).output()).contains("no servers could be reached");
            while (inside.get().counts().dropped() == 0) {
                World.system().sleep(Duration.ofMillis(5)); // it is on its way; the time-out is the bound
            }
            assertThat(inside.get().counts().dropped()).isEqualTo(1);
        } finally {
            inside.ifPresent(DnsServer::close);
            NetworkNamespace.delete(name);
        }
    }

    @Test
    void aServerThatEndsLeavesItsPort() throws IOException {
        int port = server.port();
        server.close();
        server = DnsServer.start(
                World.system(),
                table,
                settings(upstream).withPort(port),
                NetworkNamespace.own(),
                NetworkNamespace.own());
        assertThat(new InetSocketAddress(LOOPBACK, server.port()).getPort()).isEqualTo(port);
        assertThat(udp("svc.cluster.local A")).startsWith("NOERROR");
    }
}
