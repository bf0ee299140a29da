package io.jollyboat.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.linux.Nftables.Family;
import io.jollyboat.linux.Nftables.RawElement;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we write over netlink is what {@code nft} reads, and the other way round. */
@Needs({Need.ROOT, Need.IP, Need.NFT})
class NftablesTest {
    private static final String NAME = "jn-test-nft";
    private static final byte[] NONE = {};

    private NetworkNamespace namespace;
    private Nftables nftables;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create(NAME);
        nft("add table ip t; add map ip t m { type ipv4_addr . inet_service : mark; };"
                + "add set ip t s { type inet_service . ipv4_addr; flags interval; }");
        nftables = Nftables.open(namespace);
    }

    @AfterEach
    void remove() {
        nftables.close();
        NetworkNamespace.delete(NAME);
    }

    @Test
    void elementsAreAddedReadAndRemoved() {
        RawElement one = element(0x0a000001, 80, 5);
        RawElement two = element(0x0a000002, 443, 6);
        int before = nftables.generation();
        nftables.change(Family.IP, "t", changes -> {
            changes.add("m", one);
            changes.add("m", two);
            changes.remove("m", one);
            changes.add("m", element(0x0a000001, 80, 7));
            changes.add("s", new RawElement(bytes(80 << 16, 0x0a000000), bytes(80 << 16, 0x0a0000ff), NONE));
        });
        assertThat(nftables.generation()).isEqualTo(before + 1);
        assertThat(nft("list map ip t m"))
                .contains("10.0.0.1 . 80 : 0x00000007")
                .contains("10.0.0.2 . 443 : 0x00000006");
        assertThat(nft("list set ip t s")).contains("80 . 10.0.0.0/24");
        assertThat(nftables.elements(Family.IP, "t", "m"))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyInAnyOrder(two, element(0x0a000001, 80, 7));
        assertThat(nftables.elements(Family.IP, "t", "s").getFirst().end()).isEqualTo(bytes(80 << 16, 0x0a0000ff));
        assertThat(nftables.sets(Family.IP, "t")).containsExactlyInAnyOrder("m", "s");
        assertThat(nftables.sets(Family.IP, "none")).isEmpty();
    }

    @Test
    void oneWrongChangeUndoesAll() {
        assertThatThrownBy(() -> nftables.change(Family.IP, "t", changes -> {
                    changes.add("m", element(1, 1, 1));
                    changes.remove("m", element(2, 2, 2));
                }))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.isMissing()).isTrue());
        assertThat(nftables.elements(Family.IP, "t", "m")).isEmpty();
    }

    @Test
    void aMapLargerThanADatagramIsReadWhole() {
        nftables.change(Family.IP, "t", changes -> {
            for (int i = 0; i < 20_000; i++) {
                changes.add("m", element(i, 80, i));
            }
        });
        assertThat(nftables.elements(Family.IP, "t", "m")).hasSize(20_000);
    }

    @Test
    void connectionsAreForgotten() throws Exception {
        nft("add chain ip t c { type filter hook output priority 0; }; add rule ip t c ct state new accept");
        Program.run("ip", "-n", NAME, "link", "set", "lo", "up");
        InetSocketAddress target = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 9);
        try (DatagramChannel socket = namespace.call(DatagramChannel::open);
                DatagramChannel server =
                        namespace.call(() -> DatagramChannel.open().bind(target));
                Conntrack conntrack = Conntrack.open(namespace)) {
            socket.send(ByteBuffer.wrap(new byte[] {1}), target);
            server.receive(ByteBuffer.allocate(1));
            assertThat(conntrack.forget(Family.IP6, flow -> true)).isZero();
            assertThat(conntrack.forget(Family.IP, flow -> flow.targetPort() == 10))
                    .isZero();
            assertThat(conntrack.forget(Family.IP, NftablesTest::isOurs)).isEqualTo(1);
            assertThat(conntrack.forget(Family.IP, flow -> true)).isZero();
        }
    }

    private static boolean isOurs(Conntrack.Flow flow) {
        byte[] own = {127, 0, 0, 1};
        return flow.protocol() == 17
                && flow.targetPort() == 9
                && Arrays.equals(flow.source(), own)
                && Arrays.equals(flow.target(), own)
                && Arrays.equals(flow.answers(), own)
                && flow.answersPort() == 9;
    }

    private static RawElement element(int address, int port, int mark) {
        byte[] value = ByteBuffer.allocate(4)
                .order(java.nio.ByteOrder.nativeOrder())
                .putInt(mark)
                .array();
        return new RawElement(bytes(address, port << 16), NONE, value);
    }

    private static byte[] bytes(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }

    private String nft(String commands) {
        return Program.feed(commands, List.of("ip", "netns", "exec", NAME, "nft", "-f", "-"));
    }
}
