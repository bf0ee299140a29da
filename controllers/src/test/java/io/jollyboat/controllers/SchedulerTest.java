package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.NODE;
import static io.jollyboat.controllers.SmallCluster.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The scheduler in a small cluster, whose node {@code n1} has 64 processors. */
class SchedulerTest {
    private final SmallCluster cluster = new SmallCluster(7);

    @Test
    void moreThanOneRoundTakesAreAllPlaced() {
        for (int i = 0; i < 250; i++) {
            pod("p" + i, "100m", "");
        }
        cluster.settle();
        assertThat(cluster.pods())
                .hasSize(250)
                .allSatisfy(pod -> assertThat(node(pod)).isEqualTo("n1"));
    }

    @Test
    void whatCannotBeBoundIsToldAndTriedAgain() {
        cluster.theirs.refused = POD::equals;
        pod("p", "60", "");
        cluster.settle();
        assertThat(waiting("p")).isTrue();
        assertThat(cluster.events("FailedScheduling"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("binding rejected: running Bind plugin \"DefaultBinder\": pods \"p\" is forbidden");
        cluster.theirs.refused = resource -> false;
        pod("q", "60", "");
        cluster.pass(Duration.ofSeconds(15), () -> cluster.renew("n1"));
        assertThat(List.of(waiting("p"), waiting("q"))).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void whatIsDeletedAndMadeAnewBeforeItIsBoundIsPlacedOnce() {
        cluster.theirs.refused = POD::equals;
        pod("p", "60", "");
        cluster.settle();
        cluster.delete(POD, "p", DeleteOptions.now());
        cluster.theirs.refused = resource -> false;
        pod("p", "60", "");
        cluster.settle();
        assertThat(waiting("p")).isFalse();
    }

    @Test
    void whatFindsNoRoomGetsItAsSoonAsAnotherHasGone() {
        pod("large", "60", "");
        cluster.settle();
        pod("late", "10", "");
        pod("alike", "10", "");
        cluster.settle();
        assertThat(waiting("late")).isTrue();
        assertThat(cluster.condition(POD, "late", "PodScheduled")).isEqualTo("False Unschedulable");
        assertThat(message("alike")).isEqualTo(message("late"));
        cluster.delete(POD, "large", DeleteOptions.now());
        cluster.settle();
        assertThat(waiting("late")).isFalse();
        assertThat(waiting("alike")).isFalse();
    }

    @Test
    void whatFindsNoNodeGetsOneThatChanges() {
        pod("choosy", "1", "nodeSelector:{disk:'ssd'},");
        cluster.settle();
        assertThat(waiting("choosy")).isTrue();
        cluster.patch(NODE, "n1", "{metadata:{labels:{disk:'ssd'}}}");
        cluster.settle();
        assertThat(waiting("choosy")).isFalse();
    }

    @Test
    void whoWaitsForCompanyIsPlacedWhenItHasCome() {
        pod(
                "near",
                "1",
                "affinity:{podAffinity:{requiredDuringSchedulingIgnoredDuringExecution:[{topologyKey:'kubernetes.io/os',"
                        + "labelSelector:{matchLabels:{app:'friend'}}}]}},");
        cluster.patch(NODE, "n1", "{metadata:{labels:{'kubernetes.io/os':'linux'}}}");
        cluster.settle();
        assertThat(waiting("near")).isTrue();
        pod("friend", "1", "");
        cluster.settle();
        assertThat(waiting("near")).isFalse();
    }

    @Test
    void roomThatIsMadeIsKeptForWhomItIsMade() {
        cluster.kubelet = false; // victims take their time
        pod("victim", "60", "");
        cluster.settle();
        important();
        cluster.settle();
        assertThat(waiting("important")).isTrue();
        pod("greedy", "20", "");
        cluster.settle();
        cluster.api.delete(Target.of(POD, "default", "victim"), DeleteOptions.now());
        cluster.settle();
        assertThat(waiting("important")).isFalse();
        assertThat(waiting("greedy")).isTrue();
    }

    @Test
    void roomThatWasKeptForSomebodyWhoIsGoneIsFree() {
        cluster.kubelet = false;
        pod("victim", "60", "");
        cluster.settle();
        important();
        cluster.settle();
        pod("modest", "30", "");
        cluster.settle();
        cluster.delete(POD, "important", DeleteOptions.now());
        cluster.api.delete(Target.of(POD, "default", "victim"), DeleteOptions.now());
        cluster.pass(Duration.ofSeconds(5), () -> cluster.renew("n1"));
        assertThat(waiting("modest")).isFalse();
    }

    private void important() {
        cluster.create(
                Resources.kind("scheduling.k8s.io/v1", "PriorityClass"), "", "{metadata:{name:'important'},value:100}");
        pod("important", "50", "priorityClassName:'important',");
    }

    private void pod(String name, String cpu, String more) {
        cluster.create(
                POD,
                "default",
                "{metadata:{name:'" + name + "',labels:{app:'" + name + "'}},spec:{" + more
                        + "containers:[{name:'c',image:'i',resources:{requests:{cpu:'" + cpu + "'}}}]}}");
    }

    private boolean waiting(String pod) {
        return node(cluster.get(POD, pod)).isEmpty();
    }

    private static String node(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    private String message(String pod) {
        List<Condition> conditions = Condition.all(cluster.get(POD, pod));
        return Condition.find(conditions, "PodScheduled")
                .map(Condition::message)
                .orElse("");
    }
}
