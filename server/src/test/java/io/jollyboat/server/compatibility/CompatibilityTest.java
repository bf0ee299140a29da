package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every kind goes through every verb that it offers, over HTTP; {@code docs/compatibility.md} says what came of it. */
class CompatibilityTest {
    private static final Map<Resource, Map<String, String>> RESULTS = new LinkedHashMap<>();

    private static final Path PAGE = Path.of("..", "docs", "compatibility.md");

    @BeforeAll
    static void tryAll() throws Exception {
        try (Cluster cluster = new Cluster()) {
            for (Resource resource : Resources.builtIn().all()) {
                RESULTS.put(resource, Checks.run(cluster, Sample.of(resource)));
            }
        }
    }

    /** A check fails where the table of words says so and why, and nowhere else. */
    @TestFactory
    Stream<DynamicTest> everyKindDoesWhatItOffers() {
        return RESULTS.entrySet().stream()
                .map(kind -> DynamicTest.dynamicTest(
                        kind.getKey().apiVersion() + " " + kind.getKey().kind(), () -> {
                            Set<String> known = Words.incomplete(kind.getKey()).keySet();
                            Map<String, String> failures = failures(kind.getValue());
                            assertThat(failures.keySet())
                                    .as(failures.toString())
                                    .isEqualTo(known);
                        }));
    }

    private static Map<String, String> failures(Map<String, String> results) {
        Map<String, String> failures = new LinkedHashMap<>(results);
        failures.values().removeIf(String::isEmpty);
        return failures;
    }

    @Test
    void everyKindAndCheckIsDescribed() {
        assertThat(Resources.builtIn().all())
                .allSatisfy(resource -> assertThat(Words.acts(resource))
                        .as(resource.apiVersion() + " " + resource.kind())
                        .isNotEmpty());
        assertThat(Stream.concat(Checks.VERBS.stream(), Checks.FORMS.stream()).map(Check::name))
                .containsExactlyElementsOf(Words.checks().keySet());
    }

    @Test
    void thePageSaysWhatHolds() throws IOException {
        String written = new CompatibilityPage(RESULTS).text();
        if (System.getProperty("compatibility", "").equals("write")) {
            Files.writeString(PAGE, written);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/compatibility.md is no longer true; write it anew with " + CompatibilityPage.COMMAND)
                .isEqualTo(written);
    }
}
