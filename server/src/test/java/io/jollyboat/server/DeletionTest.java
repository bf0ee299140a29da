package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.NAMESPACE;
import static io.jollyboat.server.Fixture.POD;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Reason;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class DeletionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final Fixture cluster = new Fixture();

    private static DeleteOptions grace(long seconds) {
        return new DeleteOptions(Optional.of(seconds), Optional.empty(), "", "", false);
    }

    private static DeleteOptions policy(Propagation propagation) {
        return new DeleteOptions(Optional.empty(), Optional.of(propagation), "", "", false);
    }

    @Test
    void theAnswerIsAStatusWithTheUid() {
        ObjectNode made = cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        ObjectNode answer = cluster.delete(CONFIG_MAP, "a");
        assertThat(answer.path("kind").asString()).isEqualTo("Status");
        assertThat(answer.path("status").asString()).isEqualTo("Success");
        assertThat(answer.at("/details/kind").asString()).isEqualTo("configmaps");
        assertThat(answer.at("/details/uid").asString()).isEqualTo(Meta.uid(made));
        assertThat(refused(() -> cluster.delete(CONFIG_MAP, "a")).message()).isEqualTo("configmaps \"a\" not found");
    }

    @Test
    void preconditionsMustHold() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        var failure =
                refused(() -> cluster.api.delete(target(CONFIG_MAP, "a"), DeleteOptions.DEFAULT.withUid("other")));
        assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(failure.message())
                .contains("on ConfigMap \"a\": the UID in the precondition (other) does not match the UID in record (");
    }

    @Test
    void finalizersHoldAnObjectUntilTheyAreGone() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a',finalizers:['x/y']}}");
        ObjectNode held = cluster.delete(CONFIG_MAP, "a");
        assertThat(held.at("/metadata/deletionTimestamp").asString()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(held.at("/metadata/deletionGracePeriodSeconds").asInt(-1)).isZero();
        assertThat(cluster.delete(CONFIG_MAP, "a")).isEqualTo(held);
        assertThat(refused(() -> cluster.update(CONFIG_MAP, json("{metadata:{name:'a',finalizers:['x/y','x/z']}}")))
                        .message())
                .contains("no new finalizers can be added if the object is being deleted, found new finalizers"
                        + " []string{\"x/z\"}");
        cluster.update(CONFIG_MAP, json("{metadata:{name:'a'}}"));
        assertThat(refused(() -> cluster.get(CONFIG_MAP, "a")).reason()).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void propagationBecomesAFinalizer() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        ObjectNode held = cluster.api.delete(target(CONFIG_MAP, "a"), policy(Propagation.FOREGROUND));
        assertThat(Meta.finalizers(held)).containsExactly("foregroundDeletion");
        ObjectNode other = cluster.api.delete(target(CONFIG_MAP, "a"), policy(Propagation.ORPHAN));
        assertThat(Meta.finalizers(other)).containsExactly("orphan");
        ObjectNode answer = cluster.api.delete(target(CONFIG_MAP, "a"), policy(Propagation.BACKGROUND));
        assertThat(answer.path("kind").asString()).isEqualTo("Status");
    }

    @Test
    void jobsOrphanUnlessToldOtherwise() {
        var job = Resources.kind("batch/v1", "Job");
        ObjectNode object = json("{metadata:{name:'j'}}");
        assertThat(Verdict.of(job, object, DeleteOptions.DEFAULT, NOW)).isInstanceOf(Verdict.Marked.class);
        assertThat(Verdict.of(job, object, DeleteOptions.background(), NOW)).isInstanceOf(Verdict.Gone.class);
    }

    /** Grace asked for ("-": the Pod's own 30), state of the Pod, and the period until its end; "gone" for none. */
    @ParameterizedTest
    @CsvSource({
        "-, node, Running, 30",
        "5, node, Running, 5",
        "-7, node, Running, 1",
        "0, node, Running, gone",
        "-, '', Pending, gone",
        "-, node, Succeeded, gone",
        "10, node, Failed, gone",
    })
    void podsGetTimeToEnd(String asked, String node, String phase, String expected) {
        ObjectNode pod = json(
                "{metadata:{name:'p',generation:1},spec:{nodeName:'%s',terminationGracePeriodSeconds:30},status:{phase:'%s'}}"
                        .formatted(node, phase));
        DeleteOptions options = asked.equals("-") ? DeleteOptions.DEFAULT : grace(Long.parseLong(asked));
        Verdict verdict = Verdict.of(POD, pod, options, NOW);
        if (expected.equals("gone")) {
            assertThat(verdict).isEqualTo(new Verdict.Gone());
        } else {
            long seconds = Long.parseLong(expected);
            ObjectNode after = ((Verdict.Marked) verdict).after();
            assertThat(Meta.deletionTimestamp(after)).contains(NOW.plusSeconds(seconds));
            assertThat(Meta.generation(after)).isEqualTo(2);
            assertThat(Verdict.of(POD, after, grace(seconds + 5), NOW)).isEqualTo(new Verdict.Unchanged());
            assertThat(Verdict.of(POD, after, DeleteOptions.DEFAULT, NOW)).isEqualTo(new Verdict.Unchanged());
            assertThat(Verdict.of(POD, after, DeleteOptions.now(), NOW)).isEqualTo(new Verdict.Gone());
        }
    }

    @Test
    void aSecondDeleteShortensOnly() {
        ObjectNode pod =
                json("{metadata:{name:'p',deletionTimestamp:'2026-01-01T00:00:30Z',deletionGracePeriodSeconds:30},"
                        + "spec:{nodeName:'n'}}");
        ObjectNode after = ((Verdict.Marked) Verdict.of(POD, pod, grace(10), NOW)).after();
        assertThat(Meta.deletionTimestamp(after)).contains(NOW.plusSeconds(10));
        ObjectNode held = pod.deepCopy();
        held.withObjectProperty("metadata").putArray("finalizers").add("x/y");
        ObjectNode over = ((Verdict.Marked) Verdict.of(POD, held, grace(0), NOW)).after();
        assertThat(over.at("/metadata/deletionGracePeriodSeconds").asInt(-1)).isZero();
    }

    @Test
    void namespacesStayUntilFinalized() {
        cluster.create(NAMESPACE, "{metadata:{name:'n'}}");
        ObjectNode going = cluster.delete(NAMESPACE, "n");
        assertThat(going.at("/status/phase").asString()).isEqualTo("Terminating");
        assertThat(going.at("/spec/finalizers/0").asString()).isEqualTo("kubernetes");
        cluster.update(NAMESPACE, json("{metadata:{name:'n'},spec:{}}"));
        assertThat(cluster.get(NAMESPACE, "n").at("/spec/finalizers/0").asString())
                .isEqualTo("kubernetes");
        ObjectNode done = going.deepCopy();
        done.withObjectProperty("spec").remove("finalizers");
        cluster.api.update(target(NAMESPACE, "n").withSubresource("finalize"), done, cluster.options());
        assertThat(refused(() -> cluster.get(NAMESPACE, "n")).reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> cluster.delete(NAMESPACE, "default")).message())
                .isEqualTo("namespaces \"default\" is forbidden: this namespace may not be deleted");
    }

    @Test
    void aCollectionIsDeletedBySelector() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a',labels:{x:'1'}}}");
        cluster.create(CONFIG_MAP, "{metadata:{name:'b'}}");
        var deleted =
                cluster.api.deleteCollection(CONFIG_MAP, "default", ListOptions.labels("x"), DeleteOptions.DEFAULT);
        assertThat(deleted.items()).extracting(Meta::name).containsExactly("a");
        assertThat(cluster.api.list(CONFIG_MAP, "default", ListOptions.ALL).items())
                .extracting(Meta::name)
                .containsExactly("b");
    }

    @Test
    void aDryRunDeletesNothing() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        cluster.api.delete(
                target(CONFIG_MAP, "a"), new DeleteOptions(Optional.empty(), Optional.empty(), "", "", true));
        assertThat(cluster.get(CONFIG_MAP, "a")).isNotNull();
    }
}
