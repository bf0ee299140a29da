package io.jollyboat.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.client.Key;
import io.jollyboat.testing.Cases;
import io.jollyboat.testing.Cases.Case;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    static List<Case> cases() {
        return Cases.read(AddressesTest.class, "addresses.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePoolIsSharedOut(Case row) {
        List<String> lines = row.part(0).lines().toList();
        List<BalancedService> services = new ArrayList<>();
        Map<Key, List<String>> before = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            BalancedService service = service(line);
            services.add(service);
            word(line, "had=").ifPresent(had -> before.put(service.key(), List.of(had.split(","))));
        }
        List<AddressPool> pools =
                Arrays.stream(lines.getFirst().split(" ")).map(AddressPool::of).toList();
        Addresses shared = Addresses.decide(pools, services, new Addresses(before, Map.of()));
        assertThat(text(shared)).isEqualTo(row.part(1));
    }

    private static java.util.Optional<String> word(String line, String start) {
        return Arrays.stream(line.split(" "))
                .filter(word -> word.startsWith(start))
                .map(word -> word.substring(start.length()))
                .findFirst();
    }

    private static BalancedService service(String line) {
        String[] words = line.split(" ");
        List<Ingress> present = word(line, "shows=").stream()
                .flatMap(shown -> Arrays.stream(shown.split(",")))
                .map(Ingress::at)
                .toList();
        return new BalancedService(
                new Key("default", words[0]),
                words[0],
                Instant.ofEpochSecond(Long.parseLong(words[1])),
                !line.endsWith(" foreign"),
                List.of(),
                word(line, "asks=").orElse(""),
                families(line),
                new Standing(present, "", ""));
    }

    private static Set<String> families(String line) {
        return line.endsWith(" both") ? Set.of("IPv4", "IPv6") : Set.of(line.endsWith(" IPv6") ? "IPv6" : "IPv4");
    }

    private static String text(Addresses shared) {
        List<String> lines = new ArrayList<>();
        shared.given().forEach((key, addresses) -> lines.add(key.name() + " " + String.join(" ", addresses)));
        shared.refused()
                .forEach((key, refusal) ->
                        lines.add(key.name() + " " + refusal.reason().text() + ": " + refusal.detail()));
        lines.sort(null);
        return String.join("\n", lines);
    }

    @ParameterizedTest
    @CsvSource({
        "10.41.0.128/25, 10.41.0.0/16, true",
        "10.41.0.128/25, 10.41.0.129, true",
        "10.41.0.128/25, 10.41.0.127, false",
        "10.41.0.128/25, 10.41.1.0/24, false",
        "10.41.0.128/25, 10.41.0.192/30, true",
        "10.41.0.128/25, fd00::/8, false",
        "200.0.0.0/16, 200.0.255.255, true",
        "fd00:9::/112, fd00:9::ffff, true",
        "fd00:9::/112, fd00:9::1:0, false",
        "fd00:9::/112, fd00::/8, true",
        "fd00:9::/112, fe00::/8, false",
        "fd00:9::/112, fd00:9::/64, true",
        "fd00:9::/112, fd00:9::10:0/108, false",
        "fd00:9::/112, ::/0, true",
        "fd00:9::/112, 10.9.0.0/16, false",
    })
    void aPoolKnowsWhatLiesInIt(String pool, String other, boolean overlaps) {
        assertThat(AddressPool.of(pool).overlaps(other)).isEqualTo(overlaps);
    }

    @Test
    void theFirstAndTheLastAddressAreNotGivenAway() {
        AddressPool pool = AddressPool.of("10.41.0.128/30");
        assertThat(pool.size()).isEqualTo(2);
        assertThat(List.of(pool.address(0), pool.address(1))).containsExactly("10.41.0.129", "10.41.0.130");
        assertThat(List.of("10.41.0.128", "10.41.0.129", "10.41.0.130", "10.41.0.131", "::1"))
                .filteredOn(pool::gives)
                .containsExactly("10.41.0.129", "10.41.0.130");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.9.0.0",
                "10.9.0.0/8",
                "10.9.0.0/31",
                "10.9.0.1/24",
                "10.9.0.300/24",
                "fd00::/64",
                "fd00::1/112",
                "fd00::/127",
                "x/24",
                "10.9.0.0/x"
            })
    void whatIsNoPoolIsRefused(String text) {
        assertThatThrownBy(() -> AddressPool.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void routesAreAddedChangedAndTakenAway() {
        IpRoutes routes =
                new IpRoutes(List.of(SourceRange.parse("10.41.0.0/24"), SourceRange.parse("fd00:10:41::/64")));
        Map<IpRoutes.Hop, String> present = routes.present("""
                10.41.0.128/25 via 10.41.0.2 dev jv-a metric 1
                10.41.0.128/25 via 10.41.0.3 dev jv-b metric 2
                10.41.0.131 via 10.41.0.3 dev jv-b metric 1
                10.41.0.132 via 10.41.0.3 dev jv-b
                10.41.1.128/25 via 10.41.1.2 dev jv-of-another-cluster metric 1
                fd00:10:41::1:0/112 via fd00:10:41::2 dev jv-a metric 1 pref medium
                fd00:10:41:1::1:0/112 via fd00:10:41:1::2 dev jv-of-another-cluster metric 1 pref medium
                """);
        assertThat(present).hasSize(5).containsKey(new IpRoutes.Hop("fd00:10:41::1:0/112", 1));
        Map<IpRoutes.Hop, String> wanted = IpRoutes.hops(Map.of(
                "10.41.0.128/25", List.of("10.41.0.2"),
                "10.41.0.131", List.of("10.41.0.4"),
                "10.41.0.133", List.of("10.41.0.3"),
                "fd00:10:41::1:0/112", List.of("fd00:10:41::2", "fd00:10:41::3")));
        assertThat(IpRoutes.commands(present, wanted)).isEqualTo("""
                route delete 10.41.0.128/25 via 10.41.0.3 proto 241 metric 2
                route delete 10.41.0.132 via 10.41.0.3 proto 241 metric 0
                route replace 10.41.0.131 via 10.41.0.4 proto 241 metric 1
                route add 10.41.0.133 via 10.41.0.3 proto 241 metric 1
                route add fd00:10:41::1:0/112 via fd00:10:41::3 proto 241 metric 2
                """);
        assertThat(IpRoutes.commands(wanted, wanted)).isEmpty();
    }
}
