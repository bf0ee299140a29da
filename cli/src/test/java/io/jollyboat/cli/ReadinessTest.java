package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ReadinessTest {
    private static boolean ready(String version, String kind, String object) {
        Target target = Target.of(Resources.kind(version, kind), "default", "x");
        return Readiness.missing(target, new JsonMapper().readTree(object)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 2, 1, true",
        "2, 2, 1, 1, false",
        "2, 1, 2, 1, false",
        "2, 2, 2, 0, false",
        "0, 0, 0, 1, true",
    })
    void aDeployment(int wanted, int updated, int available, int seen, boolean ready) {
        assertThat(ready("apps/v1", "Deployment", """
                        {"metadata": {"generation": 1}, "spec": {"replicas": %d}, "status":
                          {"observedGeneration": %d, "updatedReplicas": %d, "availableReplicas": %d}}
                        """.formatted(wanted, seen, updated, available)))
                .isEqualTo(ready);
    }

    @Test
    void aPodIsReadyWhenItsConditionSaysSo() {
        assertThat(ready("v1", "Pod", "{}")).isFalse();
        assertThat(ready("v1", "Pod", "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"False\"}]}}"))
                .isFalse();
        assertThat(ready("v1", "Pod", "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}"))
                .isTrue();
    }

    @Test
    void whatHasNoSuchStateIsReadyAtOnce() {
        assertThat(ready("v1", "ConfigMap", "{}")).isTrue();
        assertThat(ready("v1", "Service", "{}")).isTrue();
    }
}
