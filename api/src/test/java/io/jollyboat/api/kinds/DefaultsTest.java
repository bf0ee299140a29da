package io.jollyboat.api.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.testing.Cases;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

class DefaultsTest {
    static List<Cases.Case> decoding() {
        return Cases.read(DefaultsTest.class, "defaults.cases");
    }

    static List<Cases.Case> creation() {
        return Cases.read(DefaultsTest.class, "creation.cases");
    }

    @ParameterizedTest
    @MethodSource("decoding")
    void whatABodyLeavesOutIsFilledInOnce(Cases.Case each) {
        ObjectNode object = Yaml.object(each.part(0));
        Resource resource = resource(object);
        Defaults.apply(resource, object);
        assertThat(object).isEqualTo(Yaml.object(each.part(1)));
        Defaults.apply(resource, object);
        assertThat(object).as("applied again").isEqualTo(Yaml.object(each.part(1)));
    }

    @ParameterizedTest
    @MethodSource("creation")
    void whatOnlyANewObjectGets(Cases.Case each) {
        ObjectNode object = Yaml.object(each.part(0));
        Defaults.begin(resource(object), object);
        Defaults.apply(resource(object), object);
        ObjectNode expected = Yaml.object(each.part(1));
        Defaults.apply(resource(expected), expected);
        assertThat(object).isEqualTo(expected);
    }

    private static Resource resource(ObjectNode object) {
        return Resources.kind(
                object.path("apiVersion").asString(), object.path("kind").asString());
    }
}
