package io.jollyboat.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Cases;
import io.jollyboat.testing.Cases.Case;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets byte by byte: queries that come in, replies that go out, replies of other servers. */
class WireTest {
    private static final Map<Integer, String> CODES = Map.of(
            Request.DROP, "DROP", 0, "NOERROR", 1, "FORMERR", 3, "NXDOMAIN", 4, "NOTIMP", 5, "REFUSED", 16, "BADVERS");

    private final Request request = new Request();

    static List<Case> queries() {
        return Cases.read(WireTest.class, "queries.txt");
    }

    static List<Case> replies() {
        return Cases.read(WireTest.class, "replies.txt");
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queriesAreReadStrictly(Case each) {
        byte[] packet = bytes(each.part(0));
        int code = request.read(packet, packet.length);
        String limit = code <= 1 && code != 0 ? "" : " limit " + request.udpLimit();
        assertThat(CODES.get(code) + limit + (code != 1 && request.edns() ? " edns" : ""))
                .isEqualTo(each.part(1));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void repliesOfOthersAreReadStrictly(Case each) {
        byte[] packet = bytes(each.part(0));
        String read = MessageReader.read(packet, packet.length).isEmpty() ? "unsound" : Texts.of(packet, packet.length);
        assertThat(read).isEqualTo(each.part(1));
    }

    /** Two names that share their end, the second with a pointer to the first (RFC 1035 section 4.1.4). */
    @Test
    void namesAreCompressed() {
        byte[] query = bytes("abcd 0100 0001 0000 0000 0000 03575757 0161 00 0001 0001");
        Answer answer = Answer.of(
                List.of(ResourceRecord.pointing(Name.of("www.a"), RecordType.CNAME, 5, Name.of("x.a"))),
                List.of(new ResourceRecord(Name.of("x.a"), RecordType.A, 5, new byte[] {1, 2, 3, 4})));
        byte[] out = new byte[512];
        assertThat(request.read(query, query.length)).isZero();
        int length = new MessageWriter(out).reply(request, answer, 512);
        assertThat(Arrays.copyOf(out, length)).isEqualTo(bytes("""
                abcd 8580 0001 0001 0000 0001
                03575757 0161 00 0001 0001
                c00c 0005 0001 00000005 0004 0178c010
                c023 0001 0001 00000005 0004 01020304
                """));
    }

    @Test
    void refusalsOfUnreadablePacketsAreAHeader() {
        byte[] query = bytes("abcd 0100 0001 0000 0000 0000 ff");
        byte[] out = new byte[512];
        int code = request.read(query, query.length);
        int length = new MessageWriter(out).reply(request, Answer.bare(code), request.udpLimit());
        assertThat(Arrays.copyOf(out, length)).isEqualTo(bytes("abcd 8181 0000 0000 0000 0000"));
    }

    @Test
    void anUnknownVersionOfEdnsIsTold() {
        byte[] query = bytes("abcd 0100 0001 0000 0000 0001 00 0002 0001  00 0029 0200 00010000 0000");
        byte[] out = new byte[512];
        int code = request.read(query, query.length);
        int length = new MessageWriter(out).reply(request, Answer.bare(code), request.udpLimit());
        assertThat(Arrays.copyOf(out, length))
                .isEqualTo(bytes("abcd 8180 0001 0000 0000 0001 00 0002 0001  00 0029 04d0 01000000 0000"));
    }

    @Test
    void resolvConfIsReadAsGlibcReadsIt() {
        assertThat(ResolvConf.servers("""
                # a comment
                search example.com
                nameserver 192.0.2.1
                  nameserver\t2001:DB8::1
                nameserver fe80::1%eth0
                nameserver nonsense
                nameserver 192.0.2.3
                nameserver 192.0.2.4
                """))
                .extracting(server -> server.getAddress().getHostAddress() + " " + server.getPort())
                .containsExactly("192.0.2.1 53", "2001:db8:0:0:0:0:0:1 53", "192.0.2.3 53");
    }
}
