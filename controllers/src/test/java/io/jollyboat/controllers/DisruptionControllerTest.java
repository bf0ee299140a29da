package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class DisruptionControllerTest {
    private final SmallCluster cluster = new SmallCluster(7);

    private void deployment(int replicas) {
        cluster.create(
                SmallCluster.DEPLOYMENT,
                "default",
                "{metadata:{name:'d'},spec:{replicas:" + replicas
                        + ",selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                        + "spec:{containers:[{name:'c',image:'i'}]}}}}");
    }

    private void budget(String limit) {
        cluster.create(
                DisruptionController.BUDGET,
                "default",
                "{metadata:{name:'p'},spec:{selector:{matchLabels:{a:'b'}}," + limit + "}}");
    }

    /** Allowed, healthy, desired, expected, and the reason of the condition. */
    private String status() {
        cluster.settle();
        var status = cluster.get(DisruptionController.BUDGET, "p").path("status");
        return "%d %d %d %d %s"
                .formatted(
                        status.path("disruptionsAllowed").asInt(-1),
                        status.path("currentHealthy").asInt(-1),
                        status.path("desiredHealthy").asInt(-1),
                        status.path("expectedPods").asInt(-1),
                        status.path("conditions").path(0).path("reason").asString(""));
    }

    private void evict(String pod) {
        ObjectNode eviction =
                SmallCluster.json("{apiVersion:'policy/v1',kind:'Eviction',metadata:{name:'" + pod + "'}}");
        cluster.api.create(
                Target.of(SmallCluster.POD, "default", pod).withSubresource("eviction"),
                eviction,
                WriteOptions.by("tester"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            minAvailable:2      | 3 5 2 5 SufficientPods
            minAvailable:5      | 0 5 5 5 InsufficientPods
            minAvailable:'50%'  | 2 5 3 5 SufficientPods
            maxUnavailable:1    | 1 5 4 5 SufficientPods
            maxUnavailable:'10%'| 1 5 4 5 SufficientPods
            maxUnavailable:'0%' | 0 5 5 5 InsufficientPods
            """)
    void aBudgetCountsThePodsOfADeployment(String limit, String expected) {
        deployment(5);
        budget(limit);
        assertThat(status()).isEqualTo(expected);
    }

    @Test
    void withoutPodsNothingMayGo() {
        budget("maxUnavailable:1");
        assertThat(status()).isEqualTo("0 0 0 0 InsufficientPods");
        assertThat(cluster.events("NoPods")).containsExactly("No matching pods found");
        deployment(2);
        assertThat(status()).isEqualTo("1 2 1 2 SufficientPods");
    }

    @Test
    void podsThatAreNotReadyDoNotCount() {
        cluster.healthy = pod -> false;
        deployment(3);
        budget("minAvailable:2");
        assertThat(status()).isEqualTo("0 0 2 3 InsufficientPods");
        cluster.healthy = pod -> true;
        assertThat(status()).isEqualTo("1 3 2 3 SufficientPods");
    }

    @Test
    void anEvictionTakesFromTheBudgetUntilThePodIsReplaced() {
        deployment(2);
        budget("minAvailable:1");
        assertThat(status()).startsWith("1 2 1 2");
        evict(Meta.name(cluster.pods().get(0)));
        String second = Meta.name(cluster.pods().get(0));
        assertThatThrownBy(() -> evict(second))
                .isInstanceOf(StatusException.class)
                .hasMessageContaining("disruption budget");
        assertThat(status()).startsWith("1 2 1 2");
        assertThat(cluster.get(DisruptionController.BUDGET, "p").path("status").has("disruptedPods"))
                .isFalse();
        evict(Meta.name(cluster.pods().get(0)));
        assertThat(status()).startsWith("1 2 1 2");
    }

    @Test
    void whoWasEvictedAndStaysCountsAgain() {
        deployment(2);
        budget("minAvailable:1");
        status();
        String name = Meta.name(cluster.pods().get(0));
        cluster.patch(
                Target.of(DisruptionController.BUDGET, "default", "p").withSubresource("status"),
                "{status:{disruptedPods:{'" + name + "':'" + cluster.world.now() + "'}}}");
        assertThat(status()).startsWith("0 1 1 2");
        cluster.world.advance(Disruptions.PATIENCE.plus(Duration.ofSeconds(1)));
        assertThat(status()).startsWith("1 2 1 2");
    }
}
