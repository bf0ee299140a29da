package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.NAMESPACE;
import static io.jollyboat.controllers.SmallCluster.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProtectionControllerTest {
    private static final Resource CLAIM = Resources.kind("v1", "PersistentVolumeClaim");
    private static final Resource VOLUME = Resources.kind("v1", "PersistentVolume");
    private static final Resource CLASS = Resources.kind("storage.k8s.io/v1", "VolumeAttributesClass");

    private final SmallCluster cluster = new SmallCluster(1);

    private void claim(String namespace, String name, String more) {
        cluster.create(
                CLAIM,
                namespace,
                "{metadata:{name:'" + name + "'" + more
                        + "},spec:{accessModes:['ReadWriteOnce'],resources:{requests:{storage:'1Gi'}}}}");
    }

    private void pod(String namespace, String name, String volume, String more) {
        cluster.create(
                POD,
                namespace,
                "{metadata:{name:'" + name + "'},spec:{" + more + "volumes:[{name:'v'," + volume
                        + "}],containers:[{name:'c',image:'i'}]}}");
    }

    private boolean isThere(Resource kind, String name) {
        cluster.settle();
        return cluster.find(kind, kind.namespaced() ? "default" : "", name).isPresent();
    }

    @Test
    void aClaimThatNobodyUsesGoesAtOnce() {
        claim("default", "a", "");
        cluster.settle();
        assertThat(Meta.finalizers(cluster.get(CLAIM, "a"))).containsExactly("kubernetes.io/pvc-protection");
        cluster.delete(CLAIM, "a", DeleteOptions.DEFAULT);
        assertThat(isThere(CLAIM, "a")).isFalse();
    }

    @Test
    void aClaimStaysWhileAPodUsesIt() {
        claim("default", "a", "");
        claim("default", "b", "");
        pod("default", "p", "persistentVolumeClaim:{claimName:'a'}", "");
        cluster.settle();
        cluster.delete(CLAIM, "a", DeleteOptions.DEFAULT);
        cluster.delete(CLAIM, "b", DeleteOptions.DEFAULT);
        assertThat(isThere(CLAIM, "b")).isFalse();
        assertThat(isThere(CLAIM, "a")).isTrue();
        assertThat(Meta.isBeingDeleted(cluster.get(CLAIM, "a"))).isTrue();
        cluster.patch(Target.of(POD, "default", "p").withSubresource("status"), "{status:{phase:'Succeeded'}}");
        assertThat(isThere(CLAIM, "a")).describedAs("its Pod has ended").isTrue();
        cluster.restart();
        assertThat(isThere(CLAIM, "a")).describedAs("controllers are new").isTrue();
        cluster.delete(POD, "p", DeleteOptions.now());
        assertThat(isThere(CLAIM, "a")).isFalse();
    }

    @Test
    void aPodWithoutANodeHoldsNoClaim() {
        claim("default", "a", "");
        pod("default", "p", "persistentVolumeClaim:{claimName:'a'}", "schedulerName:'nobody',");
        cluster.settle();
        cluster.delete(CLAIM, "a", DeleteOptions.DEFAULT);
        assertThat(isThere(CLAIM, "a")).isFalse();
    }

    @Test
    void aPodThatTheMirrorDoesNotShowYetHoldsItsClaim() throws InterruptedException {
        claim("default", "a", "");
        cluster.settle();
        Mirrors late = new Mirrors(cluster.api, cluster.world);
        ProtectionController controller =
                ProtectionController.ofClaims(cluster.api, cluster.world, late.claims, late.pods);
        assertThat(late.pods.poll(Duration.ZERO)).isTrue();
        pod("default", "p", "persistentVolumeClaim:{claimName:'a'}", "nodeName:'n1',");
        cluster.delete(CLAIM, "a", DeleteOptions.DEFAULT);
        assertThat(late.claims.poll(Duration.ZERO)).isTrue();
        controller.loops().getFirst().poll();
        assertThat(cluster.find(CLAIM, "default", "a")).isPresent();
    }

    @Test
    void aClaimThatWasMadeForAPodIsHeldByThatPodAlone() {
        cluster.kubelet = false;
        String template = "ephemeral:{volumeClaimTemplate:{spec:{accessModes:['ReadWriteOnce'],"
                + "resources:{requests:{storage:'1Gi'}}}}}";
        pod("default", "p", template, "nodeName:'n1',");
        pod("default", "q", template, "nodeName:'n1',");
        claim(
                "default",
                "p-v",
                ",ownerReferences:[{apiVersion:'v1',kind:'Pod',name:'p',controller:true,uid:'"
                        + Meta.uid(cluster.get(POD, "p")) + "'}]");
        claim("default", "q-v", "");
        cluster.settle();
        cluster.delete(CLAIM, "p-v", DeleteOptions.DEFAULT);
        cluster.delete(CLAIM, "q-v", DeleteOptions.DEFAULT);
        assertThat(isThere(CLAIM, "q-v")).isFalse();
        assertThat(isThere(CLAIM, "p-v")).isTrue();
        cluster.patch(POD, "p", "{metadata:{finalizers:['example.com/held']}}");
        cluster.delete(POD, "p", DeleteOptions.now());
        assertThat(isThere(CLAIM, "p-v"))
                .describedAs("its Pod has no time left")
                .isFalse();
    }

    @Test
    void otherFinalizersStayAndHold() {
        claim("default", "a", ",finalizers:['example.com/held']");
        assertThat(Meta.finalizers(cluster.get(CLAIM, "a")))
                .containsExactly("example.com/held", "kubernetes.io/pvc-protection");
        cluster.settle();
        cluster.delete(CLAIM, "a", DeleteOptions.DEFAULT);
        assertThat(isThere(CLAIM, "a")).isTrue();
        assertThat(Meta.finalizers(cluster.get(CLAIM, "a"))).containsExactly("example.com/held");
    }

    @Test
    void whoeverTakesTheFinalizerFromALivingClaimSeesItAgain() {
        claim("default", "a", "");
        cluster.settle();
        cluster.patch(CLAIM, "a", "{metadata:{finalizers:null}}");
        cluster.settle();
        assertThat(Meta.finalizers(cluster.get(CLAIM, "a"))).containsExactly("kubernetes.io/pvc-protection");
    }

    @Test
    void aVolumeStaysWhileAClaimHasIt() {
        cluster.create(
                VOLUME,
                "",
                "{metadata:{name:'v'},spec:{capacity:{storage:'1Gi'},accessModes:['ReadWriteOnce'],"
                        + "hostPath:{path:'/v'}}}");
        cluster.patch(Target.of(VOLUME, "", "v").withSubresource("status"), "{status:{phase:'Bound'}}");
        cluster.settle();
        cluster.delete(VOLUME, "v", DeleteOptions.DEFAULT);
        assertThat(isThere(VOLUME, "v")).isTrue();
        cluster.patch(Target.of(VOLUME, "", "v").withSubresource("status"), "{status:{phase:'Released'}}");
        assertThat(isThere(VOLUME, "v")).isFalse();
    }

    @Test
    void aClassOfAttributesStaysWhileAClaimOrVolumeNamesIt() {
        cluster.create(CLASS, "", "{metadata:{name:'fast'},driverName:'d.e',parameters:{a:'b'}}");
        cluster.create(
                VOLUME,
                "",
                "{metadata:{name:'v'},spec:{capacity:{storage:'1Gi'},accessModes:['ReadWriteOnce'],"
                        + "volumeAttributesClassName:'fast',csi:{driver:'d.e',volumeHandle:'h'}}}");
        claim("default", "a", "");
        cluster.patch(
                Target.of(CLAIM, "default", "a").withSubresource("status"),
                "{status:{currentVolumeAttributesClassName:'fast'}}");
        cluster.settle();
        cluster.delete(CLASS, "fast", DeleteOptions.DEFAULT);
        assertThat(isThere(CLASS, "fast")).isTrue();
        cluster.delete(VOLUME, "v", DeleteOptions.DEFAULT);
        assertThat(isThere(CLASS, "fast")).isTrue();
        cluster.delete(CLAIM, "a", DeleteOptions.DEFAULT);
        assertThat(isThere(CLASS, "fast")).isFalse();
    }

    @Test
    void aNamespaceGoesWithItsClaimsAndThoseWhoUseThem() {
        cluster.create(NAMESPACE, "", "{metadata:{name:'n'}}");
        cluster.settle();
        for (String name : new String[] {"a", "b", "c"}) {
            claim("n", name, "");
            pod("n", "p-" + name, "persistentVolumeClaim:{claimName:'" + name + "'}", "");
        }
        cluster.settle();
        cluster.delete(NAMESPACE, "n", DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(cluster.find(NAMESPACE, "", "n")).isEmpty();
    }
}
