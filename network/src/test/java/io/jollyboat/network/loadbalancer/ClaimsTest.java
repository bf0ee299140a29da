package io.jollyboat.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.client.Key;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.ServicePort;
import io.jollyboat.network.loadbalancer.Claims.Claim;
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
import org.junit.jupiter.params.provider.MethodSource;

class ClaimsTest {
    static List<Case> cases() {
        return Cases.read(ClaimsTest.class, "claims.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void portsAreSharedOut(Case row) {
        List<String> lines = row.part(0).lines().toList();
        List<BalancedService> services = new ArrayList<>();
        Map<Slot, Claim> before = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            BalancedService service = service(line);
            services.add(service);
            if (line.contains(" before")) {
                service.ports().forEach(port -> before.put(Slot.of(port), new Claim(service.key(), port)));
            }
        }
        Claims claims = Claims.decide(Mode.of(lines.getFirst()), services, new Claims(before, Map.of()));
        assertThat(text(claims)).isEqualTo(row.part(1));
    }

    @Test
    void whatCannotBeBoundIsTakenAway() {
        BalancedService web = service("web 1 80/TCP 443/TCP");
        Claims claims = Claims.decide(Mode.LOCALHOST, List.of(web), Claims.NONE)
                .without(Map.of(new Slot(Protocol.TCP, 80), "Permission denied"));
        assertThat(text(claims)).isEqualTo("""
                443/TCP web
                web PortNotAvailable 80/TCP: port 80/TCP cannot be opened: Permission denied""");
        assertThat(claims.has(web)).isTrue();
    }

    @Test
    void anUnknownModeIsRefusedWithTheKnownOnes() {
        assertThat(Mode.of("localhost")).isEqualTo(Mode.LOCALHOST);
        assertThatThrownBy(() -> Mode.of("cloud"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no load balancer mode \"cloud\"; there are: localhost, node, pool");
    }

    private static BalancedService service(String line) {
        List<String> words = Arrays.asList(line.split(" "));
        List<ServicePort> ports = words.stream()
                .filter(word -> word.contains("/"))
                .map(word -> word.split("/"))
                .map(parts -> new ServicePort("", Protocol.valueOf(parts[1]), Integer.parseInt(parts[0]), 0))
                .toList();
        Standing present = words.contains("established")
                ? new Standing(List.of(new Ingress("", "localhost", List.of())), "", "")
                : Standing.NONE;
        Instant created = Instant.ofEpochSecond(Long.parseLong(words.get(1)));
        return new BalancedService(
                new Key("default", words.get(0)), words.get(0), created, true, ports, "", Set.of("IPv4"), present);
    }

    private static String text(Claims claims) {
        List<String> lines = new ArrayList<>();
        claims.granted()
                .forEach((slot, claim) -> lines.add(slot + " " + claim.service().name()));
        lines.sort(null);
        claims.refused().forEach((key, refusals) -> {
            for (Claims.Refusal refusal : refusals) {
                lines.add("%s %s %s: %s"
                        .formatted(
                                key.name(),
                                refusal.reason().text(),
                                refusal.slot().orElseThrow(),
                                refusal.detail()));
            }
        });
        return String.join("\n", lines);
    }
}
