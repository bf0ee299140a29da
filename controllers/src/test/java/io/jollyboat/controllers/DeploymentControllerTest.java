package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.DEPLOYMENT;
import static io.jollyboat.controllers.SmallCluster.POD;
import static io.jollyboat.controllers.SmallCluster.REPLICA_SET;
import static io.jollyboat.controllers.SmallCluster.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class DeploymentControllerTest {
    private final SmallCluster cluster = new SmallCluster(1);

    @Test
    void aDeploymentGetsASetAndItsPods() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 3, "i:1", ""));
        cluster.settle();
        ObjectNode web = cluster.get(DEPLOYMENT, "web");
        assertThat(web.path("status").path("observedGeneration").asLong()).isEqualTo(Meta.generation(web));
        for (String count : List.of("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")) {
            assertThat(web.path("status").path(count).asInt()).as(count).isEqualTo(3);
        }
        assertThat(web.path("status").has("unavailableReplicas")).isFalse();
        assertThat(cluster.condition(DEPLOYMENT, "web", "Available")).isEqualTo("True MinimumReplicasAvailable");
        assertThat(cluster.condition(DEPLOYMENT, "web", "Progressing")).isEqualTo("True NewReplicaSetAvailable");
        assertThat(Meta.annotation(web, Revisions.REVISION)).contains("1");

        ObjectNode set = cluster.list(REPLICA_SET).getFirst();
        String hash = Meta.label(set, PodTemplate.HASH_LABEL).orElseThrow();
        assertThat(Meta.name(set)).isEqualTo("web-" + hash);
        assertThat(Meta.annotations(set))
                .containsEntry(Revisions.REVISION, "1")
                .containsEntry(Revisions.DESIRED, "3")
                .containsEntry(Revisions.MOST, "4");
        assertThat(set.at("/spec/selector/matchLabels/pod-template-hash").asString())
                .isEqualTo(hash);
        assertThat(Meta.controller(set).orElseThrow().uid()).isEqualTo(Meta.uid(web));
        assertThat(cluster.pods()).hasSize(3).allSatisfy(pod -> {
            assertThat(Meta.name(pod)).startsWith("web-" + hash + "-");
            assertThat(Meta.label(pod, PodTemplate.HASH_LABEL)).contains(hash);
            assertThat(Meta.controller(pod).orElseThrow().uid()).isEqualTo(Meta.uid(set));
        });
        assertThat(cluster.events("ScalingReplicaSet"))
                .containsExactly("Scaled up replica set web-" + hash + " from 0 to 3");
        assertThat(cluster.events("SuccessfulCreate")).hasSize(3);
    }

    @Test
    void aNewTemplateRollsOutAndUndoGoesBackToTheOldSet() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 4, "i:1", ""));
        cluster.settle();
        image("i:2");
        cluster.settle();
        assertThat(images()).containsOnly("i:2").hasSize(4);
        assertThat(revisions()).containsExactly("1:0", "2:4");
        assertThat(Meta.annotation(cluster.get(DEPLOYMENT, "web"), Revisions.REVISION))
                .contains("2");
        image("i:1");
        cluster.settle();
        assertThat(images()).containsOnly("i:1").hasSize(4);
        assertThat(revisions()).containsExactly("2:0", "3:4");
        ObjectNode set = sets().getLast();
        assertThat(Meta.annotation(set, Revisions.HISTORY)).contains("1");
        assertThat(cluster.condition(DEPLOYMENT, "web", "Progressing")).isEqualTo("True NewReplicaSetAvailable");
    }

    @Test
    void historyIsLimited() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 1, "i:0", "revisionHistoryLimit:2,"));
        for (int i = 1; i <= 5; i++) {
            cluster.settle();
            image("i:" + i);
        }
        cluster.settle();
        assertThat(revisions()).containsExactly("4:0", "5:0", "6:1");
    }

    @Test
    void aBrokenTemplateLeavesEnoughOldPodsAndMissesItsDeadline() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 4, "i:1", "progressDeadlineSeconds:60,"));
        cluster.settle();
        cluster.healthy =
                pod -> !pod.at("/spec/containers/0/image").asString("").equals("bad");
        image("bad");
        cluster.settle();
        assertThat(images()).filteredOn("i:1"::equals).hasSize(3);
        assertThat(images()).filteredOn("bad"::equals).hasSize(2);
        assertThat(cluster.condition(DEPLOYMENT, "web", "Progressing")).isEqualTo("True ReplicaSetUpdated");
        cluster.pass(Duration.ofSeconds(90), () -> cluster.renew("n1"));
        assertThat(cluster.condition(DEPLOYMENT, "web", "Progressing")).isEqualTo("False ProgressDeadlineExceeded");
        assertThat(cluster.condition(DEPLOYMENT, "web", "Available")).isEqualTo("True MinimumReplicasAvailable");
    }

    @Test
    void recreateWaitsUntilTheOldPodsAreGone() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 2, "i:1", "strategy:{type:'Recreate'},"));
        cluster.settle();
        cluster.kubelet = false;
        image("i:2");
        cluster.settle();
        assertThat(cluster.pods()).isEmpty();
        assertThat(cluster.list(POD)).hasSize(2);
        assertThat(cluster.list(REPLICA_SET)).hasSize(1);
        cluster.kubelet = true;
        cluster.settle();
        assertThat(images()).containsExactly("i:2", "i:2");
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRollOut() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 2, "i:1", ""));
        cluster.settle();
        cluster.patch(DEPLOYMENT, "web", "{spec:{paused:true}}");
        image("i:2");
        cluster.settle();
        assertThat(cluster.condition(DEPLOYMENT, "web", "Progressing")).isEqualTo("Unknown DeploymentPaused");
        cluster.patch(DEPLOYMENT, "web", "{spec:{replicas:5}}");
        cluster.settle();
        assertThat(images()).containsOnly("i:1").hasSize(5);
        cluster.patch(DEPLOYMENT, "web", "{spec:{paused:false}}");
        cluster.settle();
        assertThat(images()).containsOnly("i:2").hasSize(5);
        assertThat(cluster.condition(DEPLOYMENT, "web", "Progressing")).isEqualTo("True NewReplicaSetAvailable");
    }

    @Test
    void aNameTakenByAnotherSetIsCountedAndAvoided() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 1, "i:1", ""));
        cluster.settle();
        String first = Meta.name(sets().getFirst());
        cluster.delete(DEPLOYMENT, "web", DeleteOptions.background());
        cluster.settle();
        assertThat(cluster.list(POD)).isEmpty();
        cluster.create(REPLICA_SET, "default", SmallCluster.replicas(first, 0, "{matchLabels:{app:'" + first + "'}}"));
        cluster.create(DEPLOYMENT, "default", deployment("web", 1, "i:1", ""));
        cluster.settle();
        assertThat(cluster.get(DEPLOYMENT, "web").at("/status/collisionCount").asInt())
                .isEqualTo(1);
        assertThat(cluster.pods()).hasSize(1);
    }

    @Test
    void podsCountAsAvailableAfterMinReadySeconds() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 2, "i:1", "minReadySeconds:30,"));
        cluster.settle();
        assertThat(cluster.get(DEPLOYMENT, "web").at("/status/readyReplicas").asInt())
                .isEqualTo(2);
        assertThat(cluster.condition(DEPLOYMENT, "web", "Available")).isEqualTo("False MinimumReplicasUnavailable");
        cluster.pass(Duration.ofSeconds(35), () -> cluster.renew("n1"));
        assertThat(cluster.get(DEPLOYMENT, "web")
                        .at("/status/availableReplicas")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void deletedPodsAreReplaced() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 3, "i:1", ""));
        cluster.settle();
        List<String> before = cluster.pods().stream().map(Meta::uid).toList();
        cluster.delete(POD, Meta.name(cluster.pods().getFirst()), DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(cluster.pods()).hasSize(3).extracting(Meta::uid).contains(before.get(1), before.get(2));
    }

    private void image(String image) {
        cluster.patch(DEPLOYMENT, "web", "{spec:{template:{spec:{containers:[{name:'c',image:'" + image + "'}]}}}}");
    }

    private List<String> images() {
        return cluster.pods().stream()
                .map(pod -> pod.at("/spec/containers/0/image").asString(""))
                .toList();
    }

    private List<ObjectNode> sets() {
        return cluster.list(REPLICA_SET).stream()
                .sorted(Comparator.comparing(set -> Revisions.revision(ReplicaSet.of(set))))
                .toList();
    }

    /** {@code revision:replicas} of each set. */
    private List<String> revisions() {
        return sets().stream()
                .map(set -> Meta.annotation(set, Revisions.REVISION).orElse("") + ":"
                        + set.at("/spec/replicas").asInt())
                .toList();
    }
}
