package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.CONFIG_MAP;
import static io.jollyboat.controllers.SmallCluster.DEPLOYMENT;
import static io.jollyboat.controllers.SmallCluster.NAMESPACE;
import static io.jollyboat.controllers.SmallCluster.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class NamespaceControllerTest {
    private final SmallCluster cluster = new SmallCluster(1);

    @Test
    void everyNamespaceGetsItsAccountAndTheAuthority() {
        cluster.create(NAMESPACE, "", "{metadata:{name:'n'}}");
        cluster.settle();
        assertThat(cluster.find(Resources.kind("v1", "ServiceAccount"), "n", "default"))
                .isPresent();
        assertThat(authority("n")).isEqualTo("the certificate");
        cluster.patch(Target.of(CONFIG_MAP, "n", Authority.SERVER.name()), "{data:{'ca.crt':'forged'}}");
        cluster.settle();
        assertThat(authority("n")).isEqualTo("the certificate");
        cluster.api.delete(Target.of(CONFIG_MAP, "n", Authority.SERVER.name()), DeleteOptions.DEFAULT);
        cluster.api.delete(Target.of(Resources.kind("v1", "ServiceAccount"), "n", "default"), DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(authority("n")).isEqualTo("the certificate");
        assertThat(cluster.find(Resources.kind("v1", "ServiceAccount"), "n", "default"))
                .isPresent();
    }

    @Test
    void aDeletedNamespaceIsEmptiedAndGoes() {
        cluster.create(NAMESPACE, "", "{metadata:{name:'n'}}");
        cluster.settle();
        cluster.create(DEPLOYMENT, "n", SmallCluster.deployment("web", 3, "i", ""));
        cluster.settle();
        assertThat(cluster.api.list(POD, "n", ListOptions.ALL).items()).hasSize(3);
        cluster.kubelet = false;
        cluster.delete(NAMESPACE, "n", DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(cluster.get(NAMESPACE, "n").at("/status/phase").asString("")).isEqualTo("Terminating");
        assertThat(cluster.condition(NAMESPACE, "n", "NamespaceContentRemaining"))
                .isEqualTo("True SomeResourcesRemain");
        cluster.kubelet = true;
        cluster.settle();
        assertThat(cluster.find(NAMESPACE, "", "n")).isEmpty();
        assertThat(cluster.api.list(POD, "n", ListOptions.ALL).items()).isEmpty();
        assertThat(cluster.api.list(SmallCluster.EVENT, "n", ListOptions.ALL).items())
                .isEmpty();
    }

    @Test
    void whatIsLeftOfManyObjectsIsNotToldAnewForEach() throws InterruptedException {
        cluster.create(NAMESPACE, "", "{metadata:{name:'n'}}");
        cluster.settle();
        cluster.create(DEPLOYMENT, "n", SmallCluster.deployment("web", 30, "i", ""));
        cluster.settle();
        cluster.kubelet = false;
        cluster.delete(NAMESPACE, "n", DeleteOptions.DEFAULT);
        cluster.settle();
        int told = 0;
        try (Watch watch =
                cluster.api.watch(NAMESPACE, "", new WatchOptions("", "metadata.name=n", "", false, false))) {
            for (ObjectNode pod : cluster.api.list(POD, "n", ListOptions.ALL).items()) {
                cluster.api.delete(Target.of(POD, "n", Meta.name(pod)), DeleteOptions.now());
                atThisMoment();
            }
            while (watch.next(Duration.ZERO).isPresent()) {
                told++;
            }
        }
        assertThat(told).isLessThan(10);
        cluster.settle();
        assertThat(cluster.find(NAMESPACE, "", "n")).isEmpty();
    }

    /** Lets happen what happens before any time goes by. */
    private void atThisMoment() throws InterruptedException {
        for (boolean busy = true; busy; ) {
            busy = false;
            for (Mirror<?> mirror : cluster.controllers.mirrors()) {
                busy |= mirror.poll(Duration.ZERO);
            }
            for (Loop<?> loop : cluster.controllers.readyLoops()) {
                busy |= loop.poll();
            }
        }
    }

    @Test
    void finalizersOfItsContentHoldItAndAreNamed() {
        cluster.create(NAMESPACE, "", "{metadata:{name:'n'}}");
        cluster.create(CONFIG_MAP, "n", "{metadata:{name:'held',finalizers:['example.com/held']}}");
        cluster.settle();
        cluster.delete(NAMESPACE, "n", DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(Condition.find(Condition.all(cluster.get(NAMESPACE, "n")), "NamespaceFinalizersRemaining")
                        .orElseThrow()
                        .message())
                .isEqualTo("Some content in the namespace has finalizers remaining: "
                        + "example.com/held in 1 resource instances");
        assertThat(cluster.condition(NAMESPACE, "n", "NamespaceDeletionContentFailure"))
                .isEqualTo("False ContentDeleted");
        cluster.patch(Target.of(CONFIG_MAP, "n", "held"), "{metadata:{finalizers:null}}");
        cluster.settle();
        assertThat(cluster.find(NAMESPACE, "", "n")).isEmpty();
    }

    @Test
    void otherServersLearnWhoSignsTheClients() {
        cluster.create(NAMESPACE, "", "{metadata:{name:'kube-system'}}");
        cluster.create(NAMESPACE, "", "{metadata:{name:'n'}}");
        cluster.settle();
        String name = Authority.CLIENTS.name();
        assertThat(authority("kube-system", Authority.CLIENTS)).isEqualTo("the certificate");
        assertThat(cluster.find(CONFIG_MAP, "n", name)).isEmpty();
        cluster.patch(Target.of(CONFIG_MAP, "kube-system", name), "{data:{'client-ca-file':'forged',mine:'1'}}");
        cluster.settle();
        assertThat(authority("kube-system", Authority.CLIENTS)).isEqualTo("the certificate");
    }

    private String authority(String namespace) {
        return authority(namespace, Authority.SERVER);
    }

    private String authority(String namespace, Authority.Place place) {
        return cluster.api
                .get(Target.of(CONFIG_MAP, namespace, place.name()))
                .path("data")
                .path(place.field())
                .asString("");
    }
}
