package io.jollyboat.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServiceTable;
import io.jollyboat.testing.Cases;
import java.util.List;
import java.util.Optional;
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
                    List.of("10.41.0.2"),
                    "10.42.0.0/30",
                    "10.42.0.0/16",
                    "10.43.0.0/16",
                    List.of("10.43.0.10"))
            .withBalancerRange(Optional.of("10.44.0.0/24"));
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    static List<Cases.Case> cases() {
        return Cases.read(RulesTest.class, "rules.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void objectsBecomeElements(Cases.Case example) {
        assertThat(text(Plan.of(SETTINGS, table(example.part(0))))).isEqualTo(example.part(1));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void elementsSurviveTheKernelsForm(Cases.Case example) {
        List<Element> elements = Plan.of(SETTINGS, table(example.part(0))).elements();
        assertThat(elements.stream().map(element -> Codec.decode(element.map(), Codec.encode(element))))
                .containsExactlyElementsOf(elements);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void stepByStepComesToTheSameAndGoesBackToNothing(Cases.Case example) {
        ServiceTable table = table(example.part(0));
        Plan plan = new Plan(SETTINGS);
        FakeRuleset ruleset = new FakeRuleset();
        for (var route : table.all()) {
            ruleset.apply(plan.change(table, java.util.Set.of(route.key())));
        }
        assertThat(ruleset.read())
                .containsExactlyInAnyOrderElementsOf(Plan.of(SETTINGS, table).elements());
        for (var route : table.all()) {
            ruleset.apply(plan.change(ServiceTable.EMPTY, java.util.Set.of(route.key())));
        }
        assertThat(ruleset.read()).isEmpty();
    }

    @Test
    void theSkeletonIsAsWritten() throws Exception {
        try (var in = RulesTest.class.getResourceAsStream("skeleton.nft")) {
            String expected = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(new Skeleton(SETTINGS).script(List.of())).isEqualTo(expected);
        }
    }

    private static String text(Plan plan) {
        return plan.elements().stream().map(Element::toString).sorted().collect(Collectors.joining("\n"));
    }

    /** One object a line, or more where the next begins with a blank. */
    private static ServiceTable table(String objects) {
        ServiceTable table = ServiceTable.EMPTY;
        for (String line : objects.split("\n(?! )")) {
            ObjectNode object = (ObjectNode) JSON.readTree(line);
            boolean service = object.path("kind").stringValue("Service").equals("Service");
            table = service ? table.with(Service.of(object)) : table.with(EndpointSlice.of(object));
        }
        return table;
    }
}
