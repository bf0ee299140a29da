package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every kind goes through every verb that it offers, over HTTP. */
class CompatibilityTest {
    private static final Map<Resource, Map<String, String>> RESULTS = new LinkedHashMap<>();

    @BeforeAll
    static void tryAll() throws Exception {
        try (Cluster cluster = new Cluster()) {
            for (Resource resource : Resources.builtIn().all()) {
                RESULTS.put(resource, Checks.run(cluster, Sample.of(resource)));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> everyKindDoesWhatItOffers() {
        return RESULTS.entrySet().stream()
                .map(kind -> DynamicTest.dynamicTest(
                        kind.getKey().apiVersion() + " " + kind.getKey().kind(),
                        () -> assertThat(failures(kind.getValue())).isEmpty()));
    }

    private static List<String> failures(Map<String, String> results) {
        return results.entrySet().stream()
                .filter(result -> !result.getValue().isEmpty())
                .map(result -> result.getKey() + ": " + result.getValue())
                .toList();
    }
}
