package io.jollyboat.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.client.Key;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.EndpointPort;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServicePort;
import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.testing.FreePort;
import io.jollyboat.world.ManualWorld;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Clients on the loopback reach endpoints on the loopback. */
class RelayTest {
    private static final Key WEB = new Key("default", "web");
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MANY = 200;
    private static final int LARGE = 3_000_000;

    private final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 7);
    private final LiveTable table = new LiveTable();
    private final Relay relay = new Relay(world, table, Dialer.own(), List.of(LOCAL));
    private int port;
    private EchoServer one;
    private EchoServer two;

    @BeforeEach
    void start() throws IOException {
        port = FreePort.next();
        one = EchoServer.start("one");
        two = EchoServer.start("two");
        service("");
        serve();
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        one.close();
        two.close();
    }

    private void serve() {
        ServicePort tcp = new ServicePort("t", Protocol.TCP, port, 0);
        ServicePort udp = new ServicePort("u", Protocol.UDP, port, 0);
        assertThat(relay.serve(Map.of(Slot.of(tcp), new Claim(WEB, tcp), Slot.of(udp), new Claim(WEB, udp))))
                .isEmpty();
    }

    private void service(String more) {
        table.put(Service.of((ObjectNode) JsonMapper.shared().readTree("""
                {"metadata": {"namespace": "default", "name": "web"},
                 "spec": {"type": "LoadBalancer", "clusterIP": "10.43.0.9"%s}}""".formatted(more))));
    }

    private static Endpoint endpoint(EchoServer server) throws IOException {
        return endpoint(server.tcpPort(), server.udpPort());
    }

    private static Endpoint endpoint(int tcp, int udp) {
        return Endpoint.ready(
                "127.0.0.1", new EndpointPort("t", Protocol.TCP, tcp), new EndpointPort("u", Protocol.UDP, udp));
    }

    /** A slice for each, since the same address stands for several endpoints here: the hostname tells them apart. */
    private void endpoints(Endpoint... endpoints) {
        List<Endpoint> named = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            named.add(new Endpoint(
                    endpoint.address(),
                    "h" + named.size(),
                    endpoint.ports(),
                    endpoint.ready(),
                    endpoint.serving(),
                    endpoint.terminating(),
                    "",
                    "",
                    Set.of(),
                    Set.of()));
        }
        table.put(new EndpointSlice(new Key("default", "web-1"), WEB, named));
    }

    private String ask(String words) throws IOException {
        try (Socket client = new Socket(LOCAL, port)) {
            client.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
            client.shutdownOutput();
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String askByDatagram(DatagramSocket client, String words) throws IOException {
        byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
        client.setSoTimeout((int) LIMIT.toMillis());
        client.send(new DatagramPacket(bytes, bytes.length, LOCAL, port));
        DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
        client.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    }

    @Test
    void eitherHalfMayCloseFirstAndNothingIsLost() throws IOException {
        endpoints(endpoint(one));
        String large = "x".repeat(LARGE);
        assertThat(ask(large)).isEqualTo("one:" + large);
        Wait.until("the connection has ended", () -> relay.openConnections() == 0);
    }

    @Test
    void clientsAreSpreadOverTheEndpoints() throws IOException {
        endpoints(endpoint(one), endpoint(two));
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            answers.add(ask("hi"));
        }
        assertThat(answers).containsExactlyInAnyOrder("one:hi", "two:hi");
    }

    @Test
    void manyAtOnceAreServed() throws Exception {
        endpoints(endpoint(one), endpoint(two));
        AtomicInteger served = new AtomicInteger();
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            String words = "client " + i;
            tasks.add(World.system().start(words, () -> {
                try {
                    if (ask(words).endsWith(":" + words)) {
                        served.incrementAndGet();
                    }
                } catch (IOException e) {
                    // Not counted.
                }
            }));
        }
        for (Task task : tasks) {
            assertThat(task.join(LIMIT)).isTrue();
        }
        assertThat(served).hasValue(MANY);
        Wait.until("all connections have ended", () -> relay.openConnections() == 0);
    }

    @Test
    void withoutEndpointsAClientIsRefusedAtOnce() {
        assertThatThrownBy(() -> ask("hi")).isInstanceOf(IOException.class);
    }

    @Test
    void anEndpointThatRefusesIsPassedOver() throws IOException {
        endpoints(endpoint(FreePort.next(), FreePort.next()), endpoint(two));
        for (int i = 0; i < 16; i++) {
            assertThat(ask("hi")).isEqualTo("two:hi");
        }
    }

    @Test
    void oneThatEndsServesWhereNoneIsReady() throws IOException {
        endpoints(endpoint(one).ending(true));
        assertThat(ask("hi")).isEqualTo("one:hi");
        endpoints(endpoint(one).ending(true), endpoint(two));
        for (int i = 0; i < 16; i++) {
            assertThat(ask("hi")).isEqualTo("two:hi");
        }
        endpoints(endpoint(one).ending(false));
        assertThatThrownBy(() -> ask("hi")).isInstanceOf(IOException.class);
    }

    @Test
    void aConnectionOutlivesItsEndpointsReplacementAndItsService() throws IOException {
        endpoints(endpoint(one));
        try (Socket client = new Socket(LOCAL, port)) {
            client.getOutputStream().write("hi".getBytes(StandardCharsets.UTF_8));
            Wait.until("the client is led", () -> one.accepted() == 1);
            assertThat(ask("first")).isEqualTo("one:first");
            endpoints(endpoint(two));
            assertThat(ask("hi")).isEqualTo("two:hi");
            relay.serve(Map.of());
            assertThatThrownBy(() -> ask("hi")).isInstanceOf(IOException.class);
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("one:hi");
        }
    }

    @Test
    void aCutAnswerDoesNotLookLikeAWholeOne() throws IOException {
        try (ServerSocket pod = new ServerSocket(0, 1, LOCAL);
                Socket client = accepted(pod)) {
            Socket server = pod.accept();
            server.getOutputStream().write('x');
            assertThat(client.getInputStream().read()).isEqualTo('x');
            server.setSoLinger(true, 0);
            server.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
        }
        Wait.until("the connection has ended", () -> relay.openConnections() == 0);
    }

    @Test
    void aClientThatGoesIsToldToTheEndpoint() throws IOException {
        try (ServerSocket pod = new ServerSocket(0, 1, LOCAL)) {
            Socket client = accepted(pod);
            try (Socket server = pod.accept()) {
                client.setSoLinger(true, 0);
                client.close();
                assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(IOException.class);
            }
        }
        Wait.until("the connection has ended", () -> relay.openConnections() == 0);
    }

    @Test
    void anAnswerBeforeTheQuestionsEndArrives() throws IOException {
        try (ServerSocket pod = new ServerSocket(0, 1, LOCAL);
                Socket client = accepted(pod)) {
            Socket server = pod.accept();
            server.getOutputStream().write("too much".getBytes(StandardCharsets.UTF_8));
            server.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("too much");
            client.getOutputStream().write('x');
            assertThat(server.getInputStream().read()).isEqualTo('x');
            server.close();
        }
        Wait.until("the connection has ended", () -> relay.openConnections() == 0);
    }

    /** A client that the relay leads to this endpoint. */
    private Socket accepted(ServerSocket pod) throws IOException {
        endpoints(endpoint(pod.getLocalPort(), pod.getLocalPort()));
        return new Socket(LOCAL, port);
    }

    @Test
    void aClientWithAffinityStaysUntilItsTimeIsUpOrItsEndpointGone() throws IOException {
        service("""
                , "sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}}""");
        endpoints(endpoint(one), endpoint(two));
        String first = ask("hi");
        for (int i = 0; i < 32; i++) {
            assertThat(ask("hi")).isEqualTo(first);
        }
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            world.advance(Duration.ofSeconds(61));
            answers.add(ask("hi"));
        }
        assertThat(answers).hasSize(2);
        endpoints(endpoint(two));
        assertThat(ask("hi")).isEqualTo("two:hi");
    }

    @Test
    void whoIsOutsideTheSourceRangesIsRefused() throws IOException {
        endpoints(endpoint(one));
        service(", \"loadBalancerSourceRanges\": [\"10.0.0.0/8\"]");
        assertThatThrownBy(() -> ask("hi")).isInstanceOf(IOException.class);
        service(", \"loadBalancerSourceRanges\": [\"10.0.0.0/8\", \"127.0.0.0/8\"]");
        assertThat(ask("hi")).isEqualTo("one:hi");
    }

    @Test
    void aClientTooManyIsRefused() throws IOException {
        endpoints(endpoint(one));
        Connections narrow = new Connections(world, new Choice(world, table), Dialer.own(), 1);
        int other = FreePort.next();
        ServicePort served = new ServicePort("t", Protocol.TCP, other, 0);
        try (TcpListener listener =
                        TcpListener.open(world, narrow, List.of(LOCAL), Slot.of(served), new Claim(WEB, served));
                Socket first = new Socket(LOCAL, other)) {
            Wait.until("the first is led", () -> narrow.open() == 1);
            try (Socket second = new Socket(LOCAL, other)) {
                assertThatThrownBy(() -> second.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
            }
            first.shutdownOutput();
            assertThat(first.getInputStream().readAllBytes()).asString().isEqualTo("one:");
            Wait.until("there is room again", () -> narrow.open() == 0);
        }
    }

    @Test
    void datagramsOfAClientGoToOneEndpointAsLongAsItIsThere() throws IOException {
        endpoints(endpoint(one));
        try (DatagramSocket client = new DatagramSocket()) {
            assertThat(askByDatagram(client, "a")).isEqualTo("one:a");
            endpoints(endpoint(one), endpoint(two));
            for (int i = 0; i < 16; i++) {
                assertThat(askByDatagram(client, "b")).isEqualTo("one:b");
            }
            endpoints(endpoint(two));
            assertThat(askByDatagram(client, "c")).isEqualTo("two:c");
            assertThat(relay.openFlows()).isEqualTo(1);
        }
    }

    @Test
    void idleFlowsEnd() throws IOException {
        endpoints(endpoint(one));
        try (DatagramSocket client = new DatagramSocket()) {
            assertThat(askByDatagram(client, "a")).isEqualTo("one:a");
            Wait.until("the flow has ended", () -> {
                world.advance(Flows.SWEEP);
                return relay.openFlows() == 0;
            });
            assertThat(askByDatagram(client, "b")).isEqualTo("one:b");
        }
    }

    @Test
    void flowsTooManyAreDropped() throws IOException {
        endpoints(endpoint(one));
        Flows narrow = new Flows(world, new Choice(world, table), Dialer.own(), 1);
        int other = FreePort.next();
        ServicePort served = new ServicePort("u", Protocol.UDP, other, 0);
        byte[] word = {'x'};
        try (UdpListener listener =
                        UdpListener.open(world, narrow, List.of(LOCAL), Slot.of(served), new Claim(WEB, served));
                DatagramSocket first = new DatagramSocket();
                DatagramSocket second = new DatagramSocket()) {
            DatagramPacket answer = new DatagramPacket(new byte[16], 16);
            first.setSoTimeout((int) LIMIT.toMillis());
            first.send(new DatagramPacket(word, 1, LOCAL, other));
            first.receive(answer);
            second.send(new DatagramPacket(word, 1, LOCAL, other));
            first.send(new DatagramPacket(word, 1, LOCAL, other));
            first.receive(answer); // so the second's datagram, which came before, has been dealt with
            assertThat(narrow.open()).isEqualTo(1);
        } finally {
            narrow.close();
        }
    }

    @Test
    void aPortIsFreeTheMomentItIsGivenBack() throws IOException {
        for (int i = 0; i < 20; i++) {
            relay.serve(Map.of());
            try (ServerSocket other = new ServerSocket(port, 1, LOCAL);
                    DatagramSocket datagrams = new DatagramSocket(port, LOCAL)) {
                assertThat(other.isBound() && datagrams.isBound()).isTrue();
            }
            serve();
        }
    }

    @Test
    void aPortThatIsTakenIsReportedAndNothingOfItIsHeld() throws IOException {
        try (ServerSocket other = new ServerSocket(FreePort.next(), 1, InetAddress.ofLiteral("127.0.0.2"))) {
            ServicePort taken = new ServicePort("t", Protocol.TCP, other.getLocalPort(), 0);
            try (Relay both =
                    new Relay(world, table, Dialer.own(), List.of(LOCAL, InetAddress.ofLiteral("127.0.0.2")))) {
                assertThat(both.serve(Map.of(Slot.of(taken), new Claim(WEB, taken))))
                        .containsOnlyKeys(Slot.of(taken));
                try (ServerSocket first = new ServerSocket()) {
                    first.bind(new InetSocketAddress(LOCAL, taken.port()));
                    assertThat(first.isBound()).isTrue();
                }
            }
        }
    }
}
