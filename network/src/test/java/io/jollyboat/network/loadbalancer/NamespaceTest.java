package io.jollyboat.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.Key;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.EndpointPort;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServicePort;
import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.testing.FreePort;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.World;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A port of the host's loopback leads to an endpoint that only a namespace knows. */
@Needs({Need.ROOT, Need.IP})
class NamespaceTest {
    private static final String NAME = "jn-test-lb";
    private static final String POD = "192.0.2.7";
    private static final Key WEB = new Key("default", "web");

    @AfterEach
    void remove() {
        NetworkNamespace.delete(NAME);
    }

    @Test
    void theHostReachesAPodInsideANode() throws Exception {
        NetworkNamespace node = NetworkNamespace.create(NAME);
        Program.run("ip", "-n", NAME, "link", "set", "lo", "up");
        Program.run("ip", "-n", NAME, "address", "add", POD + "/32", "dev", "lo");
        LiveTable table = new LiveTable();
        table.put(Service.of((ObjectNode) JsonMapper.shared().readTree("""
                {"metadata": {"namespace": "default", "name": "web"},
                 "spec": {"type": "LoadBalancer", "clusterIP": "10.43.0.9"}}""")));
        int port = FreePort.next();
        ServicePort tcp = new ServicePort("t", Protocol.TCP, port, 0);
        ServicePort udp = new ServicePort("u", Protocol.UDP, port, 0);
        try (EchoServer pod = node.call(() -> EchoServer.start("pod", POD));
                Relay relay = new Relay(World.system(), table, Dialer.in(node), Relay.loopback())) {
            table.put(new EndpointSlice(
                    new Key("default", "web-1"),
                    WEB,
                    List.of(Endpoint.ready(
                            POD,
                            new EndpointPort("t", Protocol.TCP, pod.tcpPort()),
                            new EndpointPort("u", Protocol.UDP, pod.udpPort())))));
            assertThat(relay.serve(Map.of(Slot.of(tcp), new Claim(WEB, tcp), Slot.of(udp), new Claim(WEB, udp))))
                    .isEmpty();
            for (InetAddress address : Relay.loopback()) {
                try (Socket client = new Socket(address, port)) {
                    client.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes())
                            .asString()
                            .isEqualTo("pod:");
                }
                try (DatagramSocket client = new DatagramSocket()) {
                    client.setSoTimeout(20_000);
                    client.send(new DatagramPacket(new byte[] {'x'}, 1, address, port));
                    DatagramPacket answer = new DatagramPacket(new byte[16], 16);
                    client.receive(answer);
                    assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
                            .isEqualTo("pod:x");
                }
            }
        }
    }
}
