package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.NODE;
import static io.jollyboat.controllers.SmallCluster.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class NodeControllerTest {
    private final SmallCluster cluster = new SmallCluster(1);

    @Test
    void aSilentNodeIsUnknownAfterFortySecondsThenUnreachableAndWellAgainWhenItSpeaks() {
        cluster.node("n2");
        cluster.settle();
        cluster.pass(Duration.ofSeconds(35), () -> cluster.renew("n1"));
        assertThat(cluster.condition(NODE, "n2", "Ready")).isEqualTo("True KubeletReady");
        cluster.pass(Duration.ofSeconds(10), () -> cluster.renew("n1"));
        assertThat(cluster.condition(NODE, "n2", "Ready")).isEqualTo("Unknown NodeStatusUnknown");
        assertThat(cluster.condition(NODE, "n2", "MemoryPressure")).isEqualTo("Unknown NodeStatusNeverUpdated");
        assertThat(taints("n2"))
                .containsExactlyInAnyOrder(Taint.UNREACHABLE + ":NoSchedule", Taint.UNREACHABLE + ":NoExecute");
        assertThat(taints("n1")).isEmpty();
        cluster.renew("n2");
        cluster.patch(
                Target.of(NODE, "", "n2").withSubresource("status"),
                "{status:{conditions:[{type:'Ready',status:'True',reason:'KubeletReady'}]}}");
        cluster.settle();
        assertThat(taints("n2")).isEmpty();
    }

    @Test
    void aJumpOfTheClockMakesNobodySilent() {
        cluster.world.jump(Duration.ofHours(5));
        cluster.settle();
        cluster.pass(Duration.ofSeconds(30), () -> {});
        cluster.world.jump(Duration.ofHours(-9));
        cluster.settle();
        assertThat(cluster.condition(NODE, "n1", "Ready")).isEqualTo("True KubeletReady");
    }

    @Test
    void aProcessThatWasStoppedFirstHearsWhatItMissed() {
        cluster.settle();
        cluster.world.advance(Duration.ofMinutes(10));
        cluster.renew("n1");
        cluster.settle();
        assertThat(cluster.condition(NODE, "n1", "Ready")).isEqualTo("True KubeletReady");
    }

    @Test
    void whereNoNodeIsReadyNobodyIsEvicted() {
        pod("p", "n1", "");
        cluster.settle();
        cluster.pass(Duration.ofMinutes(10), () -> {});
        assertThat(taints("n1")).containsExactly(Taint.UNREACHABLE + ":NoSchedule");
        ObjectNode pod = cluster.get(POD, "p");
        assertThat(Meta.isBeingDeleted(pod)).isFalse();
    }

    @Test
    void ofNodesThatFallSilentTogetherOneAfterAnotherIsEmptied() {
        for (int i = 2; i <= 12; i++) {
            cluster.node("n" + i);
        }
        cluster.settle();
        cluster.pass(Duration.ofSeconds(45), () -> renew(1, 8));
        assertThat(tainted(Taint.NO_SCHEDULE)).isEqualTo(4);
        int first = tainted(Taint.NO_EXECUTE);
        assertThat(first).isEqualTo(1);
        for (int more = 1; more <= 3; more++) {
            cluster.pass(Duration.ofSeconds(10), () -> renew(1, 8));
            assertThat(tainted(Taint.NO_EXECUTE)).isEqualTo(first + more);
        }
        cluster.pass(Duration.ofSeconds(20), () -> renew(1, 8));
        assertThat(tainted(Taint.NO_EXECUTE)).isEqualTo(4);
    }

    @Test
    void whereMostNodesOfASmallZoneAreSilentNoneIsEmptied() {
        for (int i = 2; i <= 5; i++) {
            cluster.node("n" + i);
        }
        cluster.settle();
        cluster.pass(Duration.ofSeconds(90), () -> renew(1, 2));
        assertThat(tainted(Taint.NO_SCHEDULE)).isEqualTo(3);
        assertThat(tainted(Taint.NO_EXECUTE)).isZero();
        cluster.patch(
                Target.of(NODE, "", "n3").withSubresource("status"),
                "{status:{conditions:[{type:'Ready',status:'True',reason:'KubeletReady'}]}}");
        cluster.pass(Duration.ofSeconds(25), () -> renew(1, 3));
        assertThat(tainted(Taint.NO_EXECUTE)).isEqualTo(2);
    }

    private void renew(int first, int last) {
        for (int i = first; i <= last; i++) {
            cluster.renew("n" + i);
        }
    }

    /** How many nodes have a taint of that effect for being unreachable. */
    private int tainted(String effect) {
        return (int) cluster.api.list(NODE, "", ListOptions.ALL).items().stream()
                .filter(node -> Taint.all(node).stream()
                        .anyMatch(taint -> taint.key().equals(Taint.UNREACHABLE)
                                && taint.effect().equals(effect)))
                .count();
    }

    @Test
    void podsLeaveASilentNodeWhenTheyNoLongerTolerateIt() {
        cluster.node("n2");
        cluster.kubelet = false;
        pod(
                "default",
                "n2",
                "{key:'node.kubernetes.io/unreachable',operator:'Exists',effect:'NoExecute',"
                        + "tolerationSeconds:300}");
        pod(
                "short",
                "n2",
                "{key:'node.kubernetes.io/unreachable',operator:'Exists',effect:'NoExecute',"
                        + "tolerationSeconds:10}");
        pod("never", "n2", "{operator:'Exists'}");
        cluster.settle();
        cluster.pass(Duration.ofSeconds(45), () -> cluster.renew("n1"));
        assertThat(deleting("short")).isFalse();
        cluster.pass(Duration.ofSeconds(15), () -> cluster.renew("n1"));
        assertThat(deleting("short")).isTrue();
        assertThat(deleting("default")).isFalse();
        assertThat(cluster.condition(POD, "short", "DisruptionTarget")).isEqualTo("True DeletionByTaintManager");
        cluster.pass(Duration.ofSeconds(300), () -> cluster.renew("n1"));
        assertThat(deleting("default")).isTrue();
        assertThat(deleting("never")).isFalse();
        assertThat(cluster.events("TaintManagerEviction")).contains("Marking for deletion Pod default/short");
    }

    @Test
    void aCordonedNodeIsTainted() {
        cluster.patch(NODE, "n1", "{spec:{unschedulable:true}}");
        cluster.settle();
        assertThat(taints("n1")).containsExactly("node.kubernetes.io/unschedulable:NoSchedule");
        cluster.patch(NODE, "n1", "{spec:{unschedulable:null}}");
        cluster.settle();
        assertThat(taints("n1")).isEmpty();
    }

    @Test
    void podsOfANodeThatIsGoneFailAndGo() {
        cluster.node("n2");
        cluster.kubelet = false;
        pod("p", "n2", "");
        cluster.settle();
        cluster.delete(NODE, "n2", DeleteOptions.DEFAULT);
        cluster.settle();
        cluster.pass(Duration.ofSeconds(35), () -> cluster.renew("n1"));
        assertThat(cluster.find(POD, "default", "p")).isPresent();
        cluster.pass(Duration.ofSeconds(10), () -> cluster.renew("n1"));
        assertThat(cluster.find(POD, "default", "p")).isEmpty();
    }

    private boolean deleting(String pod) {
        return Meta.isBeingDeleted(cluster.get(POD, pod));
    }

    private void pod(String name, String node, String tolerations) {
        cluster.create(
                POD,
                "default",
                "{metadata:{name:'" + name + "'},spec:{nodeName:'" + node + "',tolerations:[" + tolerations
                        + "],containers:[{name:'c',image:'i'}]}}");
    }

    private List<String> taints(String node) {
        return Taint.all(cluster.get(NODE, node)).stream()
                .map(taint -> taint.key() + ":" + taint.effect())
                .toList();
    }
}
