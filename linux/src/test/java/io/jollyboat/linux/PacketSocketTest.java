package io.jollyboat.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.testing.FreePort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets go to a socket and come back, in IPv4 and IPv6, at once and later; sockets share an address and give it back. */
@Timeout(180)
class PacketSocketTest {
    private final NetworkNamespace own = NetworkNamespace.own();

    private static String exchange(InetSocketAddress server, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(60_000);
            socket.send(new DatagramPacket(bytes, bytes.length, server));
            DatagramPacket reply = new DatagramPacket(new byte[3_000], 3_000);
            socket.receive(reply);
            assertThat(reply.getSocketAddress()).isEqualTo(server);
            return new String(reply.getData(), 0, reply.getLength(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void packetsAreAnsweredAtOnceOrLater(String text) throws IOException {
        InetAddress address = InetAddress.ofLiteral(text);
        InetSocketAddress server = new InetSocketAddress(address, FreePort.next());
        byte[] bytes = new byte[100];
        try (PacketSocket socket = PacketSocket.serve(own, server, "echo", (from, index) -> {
            int length = from.read(index, bytes);
            assertThat(from.address(index)).isEqualTo(address);
            if (bytes[0] == 'a') {
                from.answer(index, bytes, length);
            } else {
                from.send(bytes, length, from.sender(index));
            }
        })) {
            assertThat(exchange(server, "at once")).isEqualTo("at once");
            assertThat(exchange(server, "later")).isEqualTo("later");
            assertThat(exchange(server, "a" + "x".repeat(200))).hasSize(100);
            assertThat(socket.send(bytes, 1, new byte[16])).isFalse();
        }
    }

    @Test
    void socketsShareAnAddressAndGiveItBack() throws IOException {
        InetAddress address = InetAddress.ofLiteral("127.0.0.1");
        InetSocketAddress server = new InetSocketAddress(address, FreePort.next());
        Set<String> threads = ConcurrentHashMap.newKeySet();
        PacketSocket.Handler echo = (from, index) -> {
            threads.add(Thread.currentThread().getName());
            byte[] bytes = new byte[10];
            from.answer(index, bytes, from.read(index, bytes));
        };
        List<PacketSocket> sockets =
                List.of(PacketSocket.serve(own, server, "one", echo), PacketSocket.serve(own, server, "two", echo));
        for (int i = 0; i < 100; i++) {
            assertThat(exchange(server, "x")).isEqualTo("x");
        }
        sockets.forEach(PacketSocket::close);
        assertThat(threads).isEqualTo(new HashSet<>(Set.of("one", "two")));
        try (DatagramSocket alone = new DatagramSocket(server)) {
            assertThatThrownBy(() -> PacketSocket.serve(own, server, "three", echo))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("EADDRINUSE");
            assertThat(alone.isBound()).isTrue();
        }
    }
}
