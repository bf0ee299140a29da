package io.jollyboat.server;

import static io.jollyboat.server.Fixture.DEPLOYMENT;
import static io.jollyboat.server.Fixture.POD;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class SubresourcesTest {
    private static final Resource BUDGET = Resources.kind("policy/v1", "PodDisruptionBudget");
    private final Fixture cluster = new Fixture();

    private Target scale() {
        return target(DEPLOYMENT, "d").withSubresource("scale");
    }

    private void deployment() {
        cluster.create(
                DEPLOYMENT,
                "{metadata:{name:'d'},spec:{replicas:2,selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                        + "spec:{containers:[{name:'c',image:'i'}]}}}}");
    }

    private void pod(String name) {
        cluster.pod("{metadata:{name:'%s',labels:{a:'b'}},spec:{containers:[{name:'c',image:'i'}]}}".formatted(name));
    }

    private ObjectNode post(Target target, String body) {
        return cluster.api.create(target, json(body), cluster.options());
    }

    @Test
    void scaleShowsAndSetsReplicas() {
        deployment();
        ObjectNode shown = cluster.api.get(scale());
        assertThat(shown.path("kind").asString()).isEqualTo("Scale");
        assertThat(shown.path("apiVersion").asString()).isEqualTo("autoscaling/v1");
        assertThat(shown.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(shown.at("/status/selector").asString()).isEqualTo("a=b");
        ObjectNode wanted = shown.deepCopy();
        wanted.withObjectProperty("spec").put("replicas", 5);
        assertThat(cluster.api
                        .update(scale(), wanted, cluster.options())
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(5);
        assertThat(Meta.generation(cluster.get(DEPLOYMENT, "d"))).isEqualTo(2);
        assertThat(refused(() -> cluster.api.update(scale(), wanted, cluster.options()))
                        .reason())
                .isEqualTo(Reason.CONFLICT);
        ObjectNode none = cluster.api.patch(scale(), new Patch.Merge(json("{spec:{replicas:0}}")), cluster.options());
        assertThat(none.path("spec").has("replicas")).isFalse();
        assertThat(cluster.get(DEPLOYMENT, "d").at("/spec/replicas").asInt(-1)).isZero();
        assertThat(refused(() -> cluster.api.patch(
                                scale(), new Patch.Merge(json("{spec:{replicas:-1}}")), cluster.options()))
                        .message())
                .isEqualTo(
                        "Scale.autoscaling \"d\" is invalid: spec.replicas: Invalid value: -1: must be greater than or"
                                + " equal to 0");
    }

    @Test
    void aPodIsBoundOnce() {
        pod("p");
        Target binding = target(POD, "p").withSubresource("binding");
        ObjectNode answer = post(binding, "{metadata:{name:'p'},target:{kind:'Node',name:'n'}}");
        assertThat(answer.path("status").asString()).isEqualTo("Success");
        ObjectNode bound = cluster.get(POD, "p");
        assertThat(bound.at("/spec/nodeName").asString()).isEqualTo("n");
        assertThat(Meta.generation(bound)).isEqualTo(1);
        assertThat(Conditions.isTrue(bound, "PodScheduled")).isTrue();
        var failure = refused(() -> post(binding, "{target:{kind:'Node',name:'m'}}"));
        assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(failure.message())
                .isEqualTo(
                        "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n\"");
        pod("q");
        cluster.api.create(
                Resources.kind("v1", "Binding"),
                "default",
                json("{metadata:{name:'q'},target:{kind:'Node',name:'n'}}"),
                cluster.options());
        assertThat(cluster.get(POD, "q").at("/spec/nodeName").asString()).isEqualTo("n");
    }

    @Test
    void evictionAsksTheBudget() {
        pod("p");
        pod("q");
        for (String name : new String[] {"p", "q"}) {
            ObjectNode running = cluster.get(POD, name).deepCopy();
            running.withObjectProperty("status").put("phase", "Running");
            Conditions.set(running, "Ready", "True", "", "", cluster.world.now());
            cluster.api.update(target(POD, name).withSubresource("status"), running, cluster.options());
        }
        ObjectNode budget =
                cluster.create(BUDGET, "{metadata:{name:'b'},spec:{minAvailable:1,selector:{matchLabels:{a:'b'}}}}");
        var unseen = refused(() -> post(target(POD, "p").withSubresource("eviction"), "{metadata:{name:'p'}}"));
        assertThat(unseen.reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
        assertThat(unseen.retryAfterSeconds()).isEqualTo(10);
        ObjectNode seen = budget.deepCopy();
        seen.set(
                "status",
                json("{observedGeneration:1,disruptionsAllowed:1,desiredHealthy:1,currentHealthy:2,expectedPods:2}"));
        cluster.api.update(target(BUDGET, "b").withSubresource("status"), seen, cluster.options());
        post(target(POD, "p").withSubresource("eviction"), "{metadata:{name:'p'}}");
        assertThat(refused(() -> cluster.get(POD, "p")).reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(cluster.get(BUDGET, "b").at("/status/disruptedPods").has("p"))
                .isTrue();
        var spent = refused(() -> post(target(POD, "q").withSubresource("eviction"), "{metadata:{name:'q'}}"));
        assertThat(spent.message()).isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(spent.causes().getFirst().message())
                .isEqualTo("The disruption budget b needs 1 healthy pods and has 2 currently");
    }

    @Test
    void ephemeralContainersAreAddedAndNothingElse() {
        pod("p");
        ObjectNode sent = cluster.get(POD, "p").deepCopy();
        sent.withObjectProperty("spec").put("nodeName", "elsewhere");
        sent.withObjectProperty("spec")
                .putArray("ephemeralContainers")
                .addObject()
                .put("name", "d")
                .put("image", "i");
        ObjectNode answer =
                cluster.api.update(target(POD, "p").withSubresource("ephemeralcontainers"), sent, cluster.options());
        assertThat(answer.at("/spec/ephemeralContainers/0/name").asString()).isEqualTo("d");
        assertThat(answer.path("spec").has("nodeName")).isFalse();
        assertThat(Meta.generation(answer)).isEqualTo(2);
    }

    @Test
    void resizeTakesResourcesOnly() {
        cluster.pod("{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i',resources:{requests:{cpu:'1'}}}]}}");
        var patch = new Patch.Strategic(
                json("{spec:{containers:[{name:'c',image:'other',resources:{requests:{cpu:'2'}}}]}}"));
        ObjectNode answer = cluster.api.patch(target(POD, "p").withSubresource("resize"), patch, cluster.options());
        assertThat(answer.at("/spec/containers/0/image").asString()).isEqualTo("i");
        assertThat(answer.at("/spec/containers/0/resources/requests/cpu").asString())
                .isEqualTo("2");
    }

    @Test
    void resizeKeepsTheClassOfQuality() {
        pod("p");
        var patch = new Patch.Strategic(json("{spec:{containers:[{name:'c',resources:{requests:{cpu:'2'}}}]}}"));
        Target resize = target(POD, "p").withSubresource("resize");
        assertThat(refused(() -> cluster.api.patch(resize, patch, cluster.options()))
                        .toString())
                .contains("Pod QOS Class may not change as a result of resizing");
    }

    @Test
    void resizeNeitherAddsNorRenamesContainers() {
        pod("p");
        Target resize = target(POD, "p").withSubresource("resize");
        ObjectNode more = cluster.api.get(target(POD, "p")).deepCopy();
        more.withArray("/spec/containers").addObject().put("name", "other").put("image", "i");
        assertThat(refused(() -> cluster.api.update(resize, more, cluster.options()))
                        .message())
                .isEqualTo("Pod \"p\" is invalid: spec.containers: Forbidden: containers may not be added or removed on"
                        + " resize");
        ObjectNode renamed = cluster.api.get(target(POD, "p")).deepCopy();
        ((ObjectNode) renamed.at("/spec/containers/0")).put("name", "other");
        assertThat(refused(() -> cluster.api.update(resize, renamed, cluster.options()))
                        .message())
                .isEqualTo("Pod \"p\" is invalid: spec.containers[0].name: Forbidden: containers may not be renamed or"
                        + " reordered on resize");
    }
}
