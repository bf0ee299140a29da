package io.jollyboat.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.Change;
import io.jollyboat.client.Key;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.dns.Responder.Desk;
import io.jollyboat.testing.Cases;
import io.jollyboat.testing.Cases.Case;
import io.jollyboat.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Questions and replies over a table of objects, in wire form both ways. */
class AnswersTest {
    private static final DnsSettings SETTINGS = DnsSettings.defaults()
            .withRanges(List.of("10.41.0.0/16", "10.42.0.0/16", "10.43.0.0/16", "fd00:42::/48", "fd00:43::/112"));

    private final LiveTable table = Tables.ofObjects();
    private final Responder responder = responder(SETTINGS, table);
    private final Desk desk = responder.new Desk(MessageWriter.MAX_BYTES);
    private final Request request = new Request();
    private final byte[] query = new byte[512];

    static Responder responder(DnsSettings settings, LiveTable table) {
        Zone zone = new Zone(settings);
        table.onChange(zone);
        World world = World.system();
        Forwarder forwarder =
                new Forwarder(world, List.of(), new Exchange(world, new Sockets(NetworkNamespace.own())), Pace.DEFAULT);
        return new Responder(
                world,
                new Resolver(zone, forwarder),
                settings.ranges().stream().map(AddressRange::of).toList());
    }

    static List<Case> cases() {
        return Cases.read(AnswersTest.class, "answers.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyQuestionHasItsAnswer(Case each) {
        assertThat(ask(each.part(0), false)).isEqualTo(each.part(1));
        assertThat(ask(each.part(0), true).lines().sorted())
                .as("the second time, perhaps prepared, perhaps in another order")
                .isEqualTo(each.part(1).lines().sorted().toList());
    }

    private String ask(String question, boolean edns) {
        return ask(Texts.question(question), edns, MessageWriter.MAX_BYTES);
    }

    private String ask(Question question, boolean edns, int limit) {
        int length = new MessageWriter(query).query(7, question, edns);
        int size = desk.reply(request, request.read(query, length), limit);
        assertThat(size).isBetween(12, limit);
        return Texts.of(desk.out(), size);
    }

    @Test
    void aPreparedAnswerEndsWithItsService() {
        String name = "web.shop.svc.cluster.local A";
        ask(name, false);
        ask(name, false);
        assertThat(responder.counts().prepared()).isEqualTo(1);
        Tables.add(table, """
                kind: Service
                metadata: {namespace: shop, name: web}
                spec: {clusterIP: 10.43.0.99, clusterIPs: [10.43.0.99]}
                """);
        assertThat(ask(name, false)).isEqualTo("NOERROR aa\nweb.shop.svc.cluster.local. 5 A 10.43.0.99");
        assertThat(ask("20.0.43.10.in-addr.arpa PTR", false)).startsWith("NXDOMAIN");
        table.service(new Change.Removed<>(
                new Key("shop", "web"),
                table.current().get(new Key("shop", "web")).orElseThrow().service()));
        assertThat(ask(name, false)).startsWith("NXDOMAIN");
    }

    @Test
    void aPreparedDenialEndsWhenItsServiceAppears() {
        String name = "young.shop.svc.cluster.local A";
        ask(name, false);
        assertThat(ask(name, true)).startsWith("NXDOMAIN aa");
        assertThat(responder.counts().prepared()).isEqualTo(1);
        Tables.add(table, """
                kind: Service
                metadata: {namespace: shop, name: young}
                spec: {clusterIP: 10.43.0.98, clusterIPs: [10.43.0.98]}
                """);
        assertThat(ask(name, false)).isEqualTo("NOERROR aa\nyoung.shop.svc.cluster.local. 5 A 10.43.0.98");
    }

    @Test
    void aPreparedAnswerHasTheIdTheCapitalsAndTheWishOfItsOwnQuery() {
        ask("web.shop.svc.cluster.local A", true);
        int length = new MessageWriter(query).query(7, Texts.question("web.shop.svc.cluster.local A"), false);
        query[0] = 0x12;
        query[1] = 0x34;
        query[2] = 0; // no recursion, please
        query[Request.HEADER_BYTES + 1] = 'W';
        desk.reply(request, request.read(query, length), Request.PLAIN_LIMIT);
        assertThat(responder.counts().prepared()).isEqualTo(1);
        assertThat(Arrays.copyOf(desk.out(), 4)).containsExactly(0x12, 0x34, 0x84, 0x80);
        assertThat(Arrays.copyOfRange(desk.out(), Request.HEADER_BYTES, length))
                .isEqualTo(Arrays.copyOfRange(query, Request.HEADER_BYTES, length));
        assertThat(ask("web.shop.svc.cluster.local A", false)).startsWith("NOERROR aa\nweb.shop.");
    }

    @Test
    void thousandsOfNamesAreKeptBesideEachOther() {
        int names = 10_000;
        for (int i = 0; i < 2 * names; i++) {
            ask("svc-%d.shop.svc.cluster.local A".formatted(i % names), false);
        }
        assertThat(responder.counts().prepared()).isGreaterThan(names * 98 / 100);
    }

    @Test
    void anEndpointThatGoesIsGone() {
        String name = "db.data.svc.cluster.local A";
        assertThat(ask(name, false)).contains("10.42.0.5", "10.42.1.6");
        Tables.add(table, """
                kind: EndpointSlice
                metadata: {namespace: data, name: db-1, labels: {kubernetes.io/service-name: db}}
                addressType: IPv4
                endpoints: [{addresses: [10.42.1.6]}]
                """);
        assertThat(ask(name, false)).contains("10.42.1.6").doesNotContain("10.42.0.5");
        assertThat(ask("5.0.42.10.in-addr.arpa PTR", false)).startsWith("NXDOMAIN");
        assertThat(ask("6.1.42.10.in-addr.arpa PTR", false)).contains("10-42-1-6.db.data");
    }

    @Test
    void theLastServiceTakesItsNamespaceAlong() {
        Key key = new Key("default", "kubernetes");
        assertThat(ask("default.svc.cluster.local A", false)).startsWith("NOERROR");
        table.service(
                new Change.Removed<>(key, table.current().get(key).orElseThrow().service()));
        assertThat(ask("default.svc.cluster.local A", false)).startsWith("NXDOMAIN");
    }

    @Test
    void everyAddressTakesItsTurnInFront() {
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            first.add(ask("db.data.svc.cluster.local A", false).lines().toList().get(1));
        }
        assertThat(first).hasSize(2);
    }

    @Test
    void aLargeAnswerIsCutByUdpAndWholeByTcp() {
        StringBuilder slice = new StringBuilder("""
                kind: EndpointSlice
                metadata: {namespace: data, name: db-1, labels: {kubernetes.io/service-name: db}}
                addressType: IPv4
                ports: [{name: sql, port: 15432, protocol: TCP}]
                endpoints:
                """);
        for (int i = 0; i < 1_000; i++) {
            slice.append("- {addresses: [10.42.%d.%d]}\n".formatted(i / 250, i % 250 + 1));
        }
        Tables.add(table, slice.toString());
        Question question = Texts.question("db.data.svc.cluster.local A");
        List<String> cut = ask(question, false, 512).lines().toList();
        assertThat(cut.getFirst()).isEqualTo("NOERROR aa tc");
        assertThat(cut).hasSize(1 + (512 - 12 - 31) / 16);
        assertThat(ask(question, true, 1_232).lines().count()).isBetween(70L, 76L);
        List<String> whole =
                ask(question, true, MessageWriter.MAX_BYTES).lines().toList();
        assertThat(whole.getFirst()).isEqualTo("NOERROR aa");
        assertThat(whole).hasSize(1_001);
        assertThat(ask(Texts.question("_sql._tcp.db.data.svc.cluster.local SRV"), true, MessageWriter.MAX_BYTES))
                .startsWith("NOERROR aa\n");
    }

    @Test
    void onlyTheClusterIsServed() {
        assertThat(responder.serves(InetAddress.ofLiteral("10.42.3.4"))).isTrue();
        assertThat(responder.serves(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(responder.serves(InetAddress.ofLiteral("fd00:42::9"))).isTrue();
        assertThat(responder.serves(InetAddress.ofLiteral("10.44.0.1"))).isFalse();
        assertThat(responder.serves(InetAddress.ofLiteral("8.8.8.8"))).isFalse();
    }

    @Test
    void theTtlIsSettable() {
        Responder other = responder(SETTINGS.withTtl(Duration.ofSeconds(30)), table);
        int length = new MessageWriter(query).query(7, Texts.question("web.shop.svc.cluster.local A"), false);
        Desk otherDesk = other.new Desk(512);
        int size = otherDesk.reply(request, request.read(query, length), 512);
        assertThat(Texts.of(otherDesk.out(), size)).contains(" 30 A ");
    }
}
