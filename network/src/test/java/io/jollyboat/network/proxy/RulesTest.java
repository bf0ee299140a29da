package io.jollyboat.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.Key;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServiceTable;
import io.jollyboat.testing.Cases;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Objects and the elements that they become, as {@code rules.txt} tells; {@code skeleton.nft} is what surrounds them. */
class RulesTest {
    private static final ProxySettings SETTINGS = new ProxySettings(
                    "n1",
                    "z1",
                    List.of("10.41.0.2", "fd00:10:41::2"),
                    List.of("10.42.0.0/30", "fd00:10:42::/126"),
                    List.of("10.42.0.0/16", "fd00:10:42::/48"),
                    List.of("10.43.0.0/16", "fd00:10:43::/112"),
                    List.of("10.43.0.10"))
            .withBalancerRanges(List.of("10.44.0.0/24"));
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    static List<Cases.Case> cases() {
        return Cases.read(RulesTest.class, "rules.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void objectsBecomeElements(Cases.Case example) {
        assertThat(text(Plan.of(SETTINGS, rows(example.part(0))))).isEqualTo(example.part(1));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void elementsSurviveTheKernelsForm(Cases.Case example) {
        List<Element> elements = Plan.of(SETTINGS, rows(example.part(0))).elements();
        assertThat(elements.stream()
                        .map(element -> Codec.decode(Codec.family(element), element.map(), Codec.encode(element))))
                .containsExactlyElementsOf(elements);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void stepByStepComesToTheSameAndGoesBackToNothing(Cases.Case example) {
        Plan.Rows rows = rows(example.part(0));
        Set<Key> keys = new HashSet<>();
        rows.each(row -> keys.add(row.key()));
        Plan plan = new Plan(SETTINGS);
        FakeRuleset ruleset = new FakeRuleset();
        for (Key key : keys) {
            ruleset.apply(plan.change(rows, Set.of(key)));
        }
        assertThat(ruleset.read())
                .containsExactlyInAnyOrderElementsOf(Plan.of(SETTINGS, rows).elements());
        for (Key key : keys) {
            ruleset.apply(plan.change(Plan.Rows.of(ServiceTable.EMPTY), Set.of(key)));
        }
        assertThat(ruleset.read()).isEmpty();
    }

    @Test
    void theSkeletonIsAsWritten() throws Exception {
        try (var in = RulesTest.class.getResourceAsStream("skeleton.nft")) {
            String expected = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(Skeleton.script(SETTINGS, List.of())).isEqualTo(expected);
        }
    }

    private static String text(Plan plan) {
        return plan.elements().stream().map(Element::toString).sorted().collect(Collectors.joining("\n"));
    }

    /** One object a line, or more where the next begins with a blank. */
    private static Plan.Rows rows(String objects) {
        ServiceTable table = ServiceTable.EMPTY;
        Map<Key, Row> pods = new HashMap<>();
        for (String line : objects.split("\n(?! )")) {
            ObjectNode object = (ObjectNode) JSON.readTree(line);
            if (object.path("kind").stringValue("").equals("Pod")) {
                HostPod pod = HostPod.of(object);
                pods.put(pod.key(), pod);
                continue;
            }
            boolean service = object.path("kind").stringValue("Service").equals("Service");
            table = service ? table.with(Service.of(object)) : table.with(EndpointSlice.of(object));
        }
        Plan.Rows services = Plan.Rows.of(table);
        return new Plan.Rows() {
            @Override
            public Optional<Row> get(Key key) {
                return Optional.ofNullable(pods.get(key)).or(() -> services.get(key));
            }

            @Override
            public void each(Consumer<Row> consumer) {
                services.each(consumer);
                pods.values().forEach(consumer);
            }
        };
    }
}
