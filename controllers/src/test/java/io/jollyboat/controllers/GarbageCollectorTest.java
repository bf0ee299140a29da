package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.CONFIG_MAP;
import static io.jollyboat.controllers.SmallCluster.DEPLOYMENT;
import static io.jollyboat.controllers.SmallCluster.POD;
import static io.jollyboat.controllers.SmallCluster.REPLICA_SET;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.Meta;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class GarbageCollectorTest {
    private final SmallCluster cluster = new SmallCluster(1);

    @Test
    void backgroundDeletesWhatIsOwnedAfterItsOwner() {
        ObjectNode a = map("a", "");
        ObjectNode b = map("b", owner(a));
        map("c", owner(b));
        map("free", "");
        cluster.settle();
        cluster.delete(CONFIG_MAP, "a", DeleteOptions.background());
        assertThat(cluster.find(CONFIG_MAP, "default", "a")).isEmpty();
        assertThat(cluster.find(CONFIG_MAP, "default", "c")).isPresent();
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "b")).isEmpty();
        assertThat(cluster.find(CONFIG_MAP, "default", "c")).isEmpty();
        assertThat(cluster.find(CONFIG_MAP, "default", "free")).isPresent();
    }

    @Test
    void foregroundWaitsForWhatBlocks() {
        ObjectNode a = map("a", "");
        map("blocking", owner(a));
        map("loose", owner(a).replace("blockOwnerDeletion:true", "blockOwnerDeletion:false"));
        cluster.patch(CONFIG_MAP, "blocking", "{metadata:{finalizers:['example.com/held']}}");
        cluster.settle();
        cluster.delete(CONFIG_MAP, "a", foreground());
        cluster.settle();
        assertThat(Meta.finalizers(cluster.get(CONFIG_MAP, "a"))).containsExactly(GarbageCollector.FOREGROUND);
        assertThat(Meta.isBeingDeleted(cluster.get(CONFIG_MAP, "blocking"))).isTrue();
        cluster.patch(CONFIG_MAP, "blocking", "{metadata:{finalizers:null}}");
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "a")).isEmpty();
        assertThat(cluster.find(CONFIG_MAP, "default", "loose")).isEmpty();
    }

    @Test
    void aWholeDeploymentGoesFromItsPodsUpwards() {
        cluster.create(DEPLOYMENT, "default", SmallCluster.deployment("web", 2, "i", ""));
        cluster.settle();
        cluster.kubelet = false;
        cluster.delete(DEPLOYMENT, "web", foreground());
        cluster.settle();
        assertThat(cluster.pods()).isEmpty();
        assertThat(cluster.list(POD)).hasSize(2);
        assertThat(cluster.list(REPLICA_SET)).hasSize(1);
        assertThat(cluster.list(DEPLOYMENT)).hasSize(1);
        cluster.kubelet = true;
        cluster.settle();
        assertThat(cluster.list(POD)).isEmpty();
        assertThat(cluster.list(REPLICA_SET)).isEmpty();
        assertThat(cluster.list(DEPLOYMENT)).isEmpty();
    }

    @Test
    void orphanKeepsWhatWasOwned() {
        ObjectNode a = map("a", "");
        map("b", owner(a));
        cluster.settle();
        cluster.delete(
                CONFIG_MAP, "a", new DeleteOptions(Optional.empty(), Optional.of(Propagation.ORPHAN), "", "", false));
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "a")).isEmpty();
        assertThat(Meta.ownerReferences(cluster.get(CONFIG_MAP, "b"))).isEmpty();
    }

    @Test
    void oneOfTwoOwnersIsEnough() {
        ObjectNode a = map("a", "");
        ObjectNode b = map("b", "");
        map("c", owner(a) + "," + owner(b));
        cluster.settle();
        cluster.delete(CONFIG_MAP, "a", DeleteOptions.background());
        cluster.settle();
        assertThat(Meta.ownerReferences(cluster.get(CONFIG_MAP, "c")))
                .extracting(owner -> owner.name())
                .containsExactly("b");
        cluster.delete(CONFIG_MAP, "b", DeleteOptions.background());
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "c")).isEmpty();
    }

    @Test
    void anOwnerOfTheSameNameButAnotherUidIsNone() {
        ObjectNode a = map("a", "");
        map("b", owner(a).replace(Meta.uid(a), "00000000-0000-4000-8000-000000000000"));
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "b")).isEmpty();
        assertThat(cluster.find(CONFIG_MAP, "default", "a")).isPresent();
    }

    @Test
    void whatIsOwnedByAKindThatNobodyKnowsStays() {
        map("b", "{apiVersion:'example.com/v1',kind:'Boat',name:'x',uid:'1'}");
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "b")).isPresent();
    }

    @Test
    void twoThatOwnEachOtherDoNotWaitForEver() {
        ObjectNode a = map("a", "");
        ObjectNode b = map("b", owner(a));
        cluster.patch(CONFIG_MAP, "a", "{metadata:{ownerReferences:[" + owner(b) + "]}}");
        cluster.settle();
        cluster.delete(CONFIG_MAP, "a", foreground());
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "a")).isEmpty();
        assertThat(cluster.find(CONFIG_MAP, "default", "b")).isEmpty();
    }

    @Test
    void garbageThatIsThereBeforeTheControllersIsFound() {
        ObjectNode a = map("a", "");
        map("b", owner(a));
        cluster.delete(CONFIG_MAP, "a", DeleteOptions.background());
        cluster.restart();
        cluster.settle();
        assertThat(cluster.find(CONFIG_MAP, "default", "b")).isEmpty();
    }

    private ObjectNode map(String name, String owners) {
        return cluster.create(
                CONFIG_MAP, "default", "{metadata:{name:'" + name + "',ownerReferences:[" + owners + "]}}");
    }

    private static String owner(ObjectNode owner) {
        return "{apiVersion:'v1',kind:'ConfigMap',name:'" + Meta.name(owner) + "',uid:'" + Meta.uid(owner)
                + "',blockOwnerDeletion:true}";
    }

    private static DeleteOptions foreground() {
        return new DeleteOptions(Optional.empty(), Optional.of(Propagation.FOREGROUND), "", "", false);
    }
}
