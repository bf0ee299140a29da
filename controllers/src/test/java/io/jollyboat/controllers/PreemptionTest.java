package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import org.junit.jupiter.api.Test;

class PreemptionTest {
    private static final Resource PRIORITY = Resources.kind("scheduling.k8s.io/v1", "PriorityClass");

    private final SmallCluster cluster = new SmallCluster(3);

    private void pod(String name, String priority, String more) {
        cluster.create(
                POD,
                "default",
                "{metadata:{name:'" + name + "'" + more + "},spec:{priorityClassName:'" + priority
                        + "',containers:[{name:'c',image:'i',resources:{requests:{cpu:'60'}}}]}}");
    }

    @Test
    void aPodThatMustGiveWaySaysThatItDoes() {
        cluster.create(PRIORITY, "", "{metadata:{name:'low'},value:1}");
        cluster.create(PRIORITY, "", "{metadata:{name:'high'},value:2}");
        pod("victim", "low", ",finalizers:['example.com/kept']");
        cluster.settle();
        cluster.kubelet = false; // it would ask for the victim's end again and again
        pod("winner", "high", "");
        cluster.settle();
        assertThat(Meta.isBeingDeleted(cluster.get(POD, "victim"))).isTrue();
        assertThat(cluster.condition(POD, "victim", "DisruptionTarget")).isEqualTo("True PreemptionByScheduler");
        assertThat(cluster.events("Preempted")).hasSize(1);
        cluster.kubelet = true;
        cluster.patch(Target.of(POD, "default", "victim"), "{metadata:{finalizers:null}}");
        cluster.settle();
        assertThat(cluster.get(POD, "winner").path("spec").path("nodeName").asString(""))
                .isEqualTo("n1");
    }
}
