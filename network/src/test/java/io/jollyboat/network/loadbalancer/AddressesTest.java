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
        Map<Key, String> before = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            BalancedService service = service(line);
            services.add(service);
            word(line, "had=").ifPresent(address -> before.put(service.key(), address));
        }
        Addresses shared =
                Addresses.decide(AddressPool.of(lines.getFirst()), services, new Addresses(before, Map.of()));
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
        List<Ingress> shown = word(line, "shows=").map(Ingress::at).stream().toList();
        return new BalancedService(
                new Key("default", words[0]),
                words[0],
                Instant.ofEpochSecond(Long.parseLong(words[1])),
                !line.endsWith(" foreign"),
                List.of(),
                word(line, "asks=").orElse(""),
                Set.of(line.endsWith(" IPv6") ? "IPv6" : "IPv4"),
                new Standing(shown, "", ""));
    }

    private static String text(Addresses shared) {
        List<String> lines = new ArrayList<>();
        shared.given().forEach((key, address) -> lines.add(key.name() + " " + address));
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
    @ValueSource(strings = {"", "10.9.0.0", "10.9.0.0/8", "10.9.0.0/31", "10.9.0.1/24", "10.9.0.300/24", "fd00::/64"})
    void whatIsNoPoolIsRefused(String text) {
        assertThatThrownBy(() -> AddressPool.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void routesAreAddedChangedAndTakenAway() {
        IpRoutes routes = new IpRoutes(AddressPool.of("10.41.0.0/24"));
        Map<String, String> present = routes.present("""
                10.41.0.128/25 via 10.41.0.2 dev jv-a
                10.41.0.131 via 10.41.0.3 dev jv-b
                10.41.0.132 via 10.41.0.3 dev jv-b
                10.41.1.128/25 via 10.41.1.2 dev jv-of-another-cluster
                """);
        assertThat(present).hasSize(3).doesNotContainKey("10.41.1.128/25");
        Map<String, String> wanted =
                Map.of("10.41.0.128/25", "10.41.0.2", "10.41.0.131", "10.41.0.4", "10.41.0.133", "10.41.0.3");
        assertThat(IpRoutes.commands(present, wanted)).isEqualTo("""
                route delete 10.41.0.132 via 10.41.0.3 proto 241
                route replace 10.41.0.131 via 10.41.0.4 proto 241
                route add 10.41.0.133 via 10.41.0.3 proto 241
                """);
        assertThat(IpRoutes.commands(wanted, wanted)).isEmpty();
    }
}
