package io.jollyboat.server;

import static io.jollyboat.server.Fixture.POD;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Failure;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Which Pods may be evicted, what it costs their budget, and what is said of the others. */
final class EvictionTest {
    private static final Resource BUDGET = Resources.kind("policy/v1", "PodDisruptionBudget");
    private static final String COUNTED = "observedGeneration:1,desiredHealthy:1,expectedPods:2,";

    private final Fixture cluster = new Fixture();

    @BeforeEach
    void makeBudget() {
        cluster.create(BUDGET, "{metadata:{name:'b'},spec:{minAvailable:1,selector:{matchLabels:{a:'b'}}}}");
    }

    private ObjectNode pod(String phase, String ready) {
        cluster.pod("{metadata:{name:'p',labels:{a:'b'}},spec:{containers:[{name:'c',image:'i'}]}}");
        ObjectNode pod = cluster.get(POD, "p").deepCopy();
        pod.withObjectProperty("status").put("phase", phase);
        Conditions.set(pod, "Ready", ready, "", "", cluster.world.now());
        return cluster.api.update(target(POD, "p").withSubresource("status"), pod, cluster.options());
    }

    private void budget(String status) {
        ObjectNode budget = cluster.get(BUDGET, "b").deepCopy();
        budget.set("status", json("{" + COUNTED + status + "}"));
        cluster.api.update(target(BUDGET, "b").withSubresource("status"), budget, cluster.options());
    }

    private void evict(String deleteOptions, WriteOptions options) {
        cluster.api.create(
                target(POD, "p").withSubresource("eviction"),
                json("{metadata:{name:'p'},deleteOptions:{" + deleteOptions + "}}"),
                options);
    }

    private Failure refusal(String deleteOptions) {
        return refused(() -> evict(deleteOptions, cluster.options()));
    }

    private boolean isThere() {
        return !cluster.api
                .list(POD, "default", io.jollyboat.api.ListOptions.ALL)
                .items()
                .isEmpty();
    }

    @Test
    void theNameStandsInTheEvictionToo() {
        pod("Running", "True");
        var eviction = target(POD, "p").withSubresource("eviction");
        for (String body : new String[] {"{}", "{metadata:{name:'q'}}"}) {
            Failure failure = refused(() -> cluster.api.create(eviction, json(body), cluster.options()));
            assertThat(failure.reason()).isEqualTo(Reason.BAD_REQUEST);
            assertThat(failure.message()).isEqualTo("name in URL does not match name in Eviction object");
        }
    }

    /** Pods that have ended, have not begun or go already disturb nobody. */
    @ParameterizedTest
    @CsvSource({"Succeeded", "Failed", "Pending"})
    void someNeedNoBudget(String phase) {
        pod(phase, "False");
        budget("disruptionsAllowed:0,currentHealthy:0");
        evict("", cluster.options());
        assertThat(isThere()).isFalse();
    }

    /** {@code healthy} Pods of one that is needed, and what becomes of one that is not ready. */
    @ParameterizedTest
    @CsvSource({"IfHealthyBudget,1,yes", "IfHealthyBudget,0,no", "AlwaysAllow,0,yes", ",1,yes", ",0,no"})
    void aPodThatIsNotReadyMayBeFree(String policy, int healthy, String goes) {
        if (policy != null) {
            cluster.merge(BUDGET, "b", "{spec:{unhealthyPodEvictionPolicy:'" + policy + "'}}");
        }
        pod("Running", "False");
        ObjectNode budget = cluster.get(BUDGET, "b").deepCopy();
        budget.set(
                "status",
                json("{observedGeneration:" + Meta.generation(budget)
                        + ",desiredHealthy:1,expectedPods:1,disruptionsAllowed:0,currentHealthy:" + healthy + "}"));
        cluster.api.update(target(BUDGET, "b").withSubresource("status"), budget, cluster.options());
        if (goes.equals("yes")) {
            evict("", cluster.options());
            assertThat(cluster.get(BUDGET, "b").at("/status/disruptedPods").isMissingNode())
                    .isTrue();
        } else {
            Failure failure = refusal("");
            assertThat(failure.reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
            assertThat(failure.causes().getFirst().reason()).isEqualTo("DisruptionBudget");
            assertThat(failure.causes().getFirst().message())
                    .isEqualTo("The disruption budget b needs 1 healthy pods and has 0 currently");
            assertThat(failure.retryAfterSeconds()).isZero();
        }
        assertThat(isThere()).isEqualTo(goes.equals("no"));
    }

    @Test
    void theLastDisruptionIsTold() {
        pod("Running", "True");
        budget("disruptionsAllowed:1,currentHealthy:2");
        evict("", cluster.options());
        ObjectNode budget = cluster.get(BUDGET, "b");
        assertThat(budget.at("/status/disruptionsAllowed").asInt(-1)).isZero();
        assertThat(budget.at("/status/disruptedPods/p").asString()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(budget.at("/status/conditions/0/type").asString()).isEqualTo("DisruptionAllowed");
        assertThat(budget.at("/status/conditions/0/status").asString()).isEqualTo("False");
        assertThat(budget.at("/status/conditions/0/reason").asString()).isEqualTo("InsufficientPods");
    }

    @Test
    void aPodThatStaysForAWhileSaysWhyItGoes() {
        pod("Running", "True");
        cluster.merge(POD, "p", "{metadata:{finalizers:['x.io/y']}}");
        budget("disruptionsAllowed:1,currentHealthy:2");
        evict("", cluster.options());
        ObjectNode pod = cluster.get(POD, "p");
        assertThat(Meta.isBeingDeleted(pod)).isTrue();
        assertThat(Conditions.isTrue(pod, "DisruptionTarget")).isTrue();
    }

    /** Whether the request or its body says so. */
    @Test
    void aDryRunChangesNothing() {
        pod("Running", "True");
        budget("disruptionsAllowed:1,currentHealthy:2");
        long before = cluster.store.revision();
        evict("dryRun:['All']", cluster.options());
        evict("", cluster.dryRun());
        assertThat(cluster.store.revision()).isEqualTo(before);
        budget("disruptionsAllowed:0,currentHealthy:1");
        assertThat(refusal("dryRun:['All']").reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
    }

    @Test
    void preconditionsAreAskedBeforeTheBudget() {
        ObjectNode pod = pod("Running", "True");
        budget("disruptionsAllowed:1,currentHealthy:2");
        long before = cluster.store.revision();
        assertThat(refusal("preconditions:{uid:'other'}").message())
                .isEqualTo(
                        "Operation cannot be fulfilled on pods \"p\": the UID in the precondition (other) does not match"
                                + " the UID in record (" + Meta.uid(pod)
                                + "). The object might have been deleted and then recreated");
        Failure failure = refusal("preconditions:{resourceVersion:'1'}");
        assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(failure.message()).contains("the ResourceVersion in the precondition (1) does not match");
        assertThat(cluster.store.revision()).isEqualTo(before);
        evict("preconditions:{resourceVersion:'" + Meta.resourceVersion(pod) + "'}", cluster.options());
        assertThat(isThere()).isFalse();
    }

    @Test
    void twoBudgetsAreOneTooMany() {
        pod("Running", "True");
        cluster.create(BUDGET, "{metadata:{name:'c'},spec:{minAvailable:1,selector:{}}}");
        Failure failure = refusal("");
        assertThat(failure.reason().code()).isEqualTo(500);
        assertThat(failure.message())
                .isEqualTo(
                        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    }

    @Test
    void aBudgetRemembersOnlySoMany() {
        pod("Running", "True");
        String many = IntStream.rangeClosed(0, 2000)
                .mapToObj(i -> "p" + i + ":'2026-01-01T00:00:00Z'")
                .collect(Collectors.joining(","));
        budget("disruptionsAllowed:1,currentHealthy:2,disruptedPods:{" + many + "}");
        Failure failure = refusal("");
        assertThat(failure.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(failure.message())
                .isEqualTo("poddisruptionbudget.policy \"b\" is forbidden: DisruptedPods map too big"
                        + " - too many evictions not confirmed by PDB controller");
    }
}
