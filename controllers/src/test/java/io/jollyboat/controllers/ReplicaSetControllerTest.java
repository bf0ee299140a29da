package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.POD;
import static io.jollyboat.controllers.SmallCluster.REPLICATION_CONTROLLER;
import static io.jollyboat.controllers.SmallCluster.REPLICA_SET;
import static io.jollyboat.controllers.SmallCluster.replicas;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicaSetControllerTest {
    private static final String SELECTOR = "{matchLabels:{app:'a'}}";

    private final SmallCluster cluster = new SmallCluster(1);

    @Test
    void keepsAsManyPodsAsWantedAndSaysSo() {
        cluster.create(REPLICA_SET, "default", replicas("a", 3, SELECTOR));
        cluster.settle();
        assertThat(cluster.pods()).hasSize(3);
        var status = cluster.get(REPLICA_SET, "a").path("status");
        assertThat(status.path("replicas").asInt()).isEqualTo(3);
        assertThat(status.path("fullyLabeledReplicas").asInt()).isEqualTo(3);
        assertThat(status.path("readyReplicas").asInt()).isEqualTo(3);
        assertThat(status.path("availableReplicas").asInt()).isEqualTo(3);
        assertThat(status.path("observedGeneration").asInt()).isEqualTo(1);
        cluster.patch(REPLICA_SET, "a", "{spec:{replicas:1}}");
        cluster.settle();
        assertThat(cluster.pods()).hasSize(1);
        cluster.patch(REPLICA_SET, "a", "{spec:{replicas:0}}");
        cluster.settle();
        status = cluster.get(REPLICA_SET, "a").path("status");
        assertThat(status.path("replicas").asInt(-1)).isZero();
        assertThat(status.has("readyReplicas")).isFalse();
        assertThat(cluster.events("SuccessfulDelete")).hasSize(3);
    }

    @Test
    void replicationControllersDoLikewise() {
        cluster.create(REPLICATION_CONTROLLER, "default", replicas("a", 2, "{app:'a'}"));
        cluster.settle();
        assertThat(cluster.pods())
                .hasSize(2)
                .allSatisfy(pod ->
                        assertThat(Meta.controller(pod).orElseThrow().kind()).isEqualTo("ReplicationController"));
        assertThat(cluster.get(REPLICATION_CONTROLLER, "a")
                        .at("/status/readyReplicas")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aNameInTheTemplateIsNotThePods() {
        cluster.create(
                REPLICATION_CONTROLLER,
                "default",
                "{metadata:{name:'a'},spec:{replicas:2,selector:{app:'a'},template:{metadata:{name:'same',"
                        + "namespace:'default',labels:{app:'a'},annotations:{note:'kept'}},"
                        + "spec:{containers:[{name:'c',image:'i'}]}}}}");
        cluster.settle();
        assertThat(cluster.pods()).hasSize(2).allSatisfy(pod -> {
            assertThat(Meta.name(pod)).startsWith("a-");
            assertThat(Meta.annotation(pod, "note")).contains("kept");
        });
    }

    @Test
    void adoptsOrphansThatItSelectsAndLetsGoPodsThatItDoesNot() {
        cluster.create(
                POD, "default", "{metadata:{name:'stray',labels:{app:'a'}},spec:{containers:[{name:'c',image:'i'}]}}");
        cluster.create(REPLICA_SET, "default", replicas("a", 2, SELECTOR));
        cluster.settle();
        assertThat(cluster.pods())
                .hasSize(2)
                .allMatch(pod -> Meta.controller(pod).isPresent());
        cluster.patch(POD, "stray", "{metadata:{labels:{app:'b'}}}");
        cluster.settle();
        assertThat(Meta.controller(cluster.get(POD, "stray"))).isEmpty();
        assertThat(cluster.pods()).hasSize(3);
    }

    @Test
    void aPodThatEndedIsReplaced() {
        cluster.create(REPLICA_SET, "default", replicas("a", 1, SELECTOR));
        cluster.settle();
        String first = Meta.name(cluster.pods().getFirst());
        cluster.patch(Target.of(POD, "default", first).withSubresource("status"), "{status:{phase:'Failed'}}");
        cluster.settle();
        assertThat(cluster.pods()).hasSize(2);
        assertThat(cluster.get(REPLICA_SET, "a").at("/status/replicas").asInt()).isEqualTo(1);
    }

    @Test
    void aRefusedPodShowsAsConditionAndEventUntilItWorks() {
        cluster.theirs.refused = POD::equals;
        cluster.create(REPLICA_SET, "default", replicas("a", 1, SELECTOR));
        cluster.settle();
        assertThat(cluster.condition(REPLICA_SET, "a", "ReplicaFailure")).isEqualTo("True FailedCreate");
        assertThat(cluster.events("FailedCreate"))
                .containsExactly("Error creating: pods is forbidden: exceeded quota: test");
        cluster.theirs.refused = resource -> false;
        cluster.pass(Duration.ofMinutes(2), () -> cluster.renew("n1"));
        assertThat(cluster.pods()).hasSize(1);
        assertThat(cluster.condition(REPLICA_SET, "a", "ReplicaFailure")).isEmpty();
    }

    @Test
    void moreThanABurstIsCreatedAndDeletedInTheEnd() {
        cluster.kubelet = false;
        cluster.create(REPLICA_SET, "default", replicas("a", Replicas.BURST + 20, SELECTOR));
        cluster.settle();
        assertThat(cluster.pods()).hasSize(Replicas.BURST + 20);
        cluster.patch(REPLICA_SET, "a", "{spec:{replicas:5}}");
        cluster.settle();
        assertThat(cluster.pods()).hasSize(5);
    }

    @Test
    void deletingItDeletesItsPodsAndOrphaningKeepsThem() {
        cluster.create(REPLICA_SET, "default", replicas("a", 2, SELECTOR));
        cluster.settle();
        cluster.delete(REPLICA_SET, "a", DeleteOptions.background());
        cluster.settle();
        assertThat(cluster.list(POD)).isEmpty();
        cluster.create(REPLICATION_CONTROLLER, "default", replicas("a", 2, "{app:'a'}"));
        cluster.settle();
        cluster.delete(REPLICATION_CONTROLLER, "a", DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(cluster.find(REPLICATION_CONTROLLER, "default", "a")).isEmpty();
        assertThat(cluster.pods())
                .hasSize(2)
                .allMatch(pod -> Meta.ownerReferences(pod).isEmpty());
    }
}
