package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.DEPLOYMENT;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.world.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class UpdatingTest {
    private static final String DEPLOYMENT_TEXT =
            "{metadata:{name:'d'},spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                    + "spec:{containers:[{name:'c',image:'i'}]}}}}";
    private final Fixture cluster = new Fixture();

    @Test
    void aStaleVersionIsAConflict() {
        ObjectNode first = cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}").deepCopy();
        ObjectNode second = first.deepCopy();
        second.putObject("data").put("k", "1");
        cluster.update(CONFIG_MAP, second);
        first.putObject("data").put("k", "2");
        var failure = refused(() -> cluster.update(CONFIG_MAP, first));
        assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(failure.message())
                .isEqualTo(
                        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply"
                                + " your changes to the latest version and try again");
        Meta.writable(first).remove("resourceVersion");
        assertThat(cluster.update(CONFIG_MAP, first).at("/data/k").asString()).isEqualTo("2");
    }

    @Test
    void someKindsAskForTheVersion() {
        var lease = Resources.kind("coordination.k8s.io/v1", "Lease");
        cluster.create(lease, "{metadata:{name:'l'},spec:{}}");
        assertThat(refused(() -> cluster.update(lease, json("{metadata:{name:'l'},spec:{holderIdentity:'x'}}")))
                        .message())
                .isEqualTo(
                        "Lease.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0: must be"
                                + " specified for an update");
        ObjectNode made = cluster.update(lease, json("{metadata:{name:'new'},spec:{}}"));
        assertThat(Meta.uid(made)).isNotEmpty();
    }

    @Test
    void whatChangesNothingIsNotWritten() {
        ObjectNode made = cluster.create(DEPLOYMENT, DEPLOYMENT_TEXT);
        long revision = cluster.store.revision();
        ObjectNode answer = cluster.update(DEPLOYMENT, json(DEPLOYMENT_TEXT));
        assertThat(answer).isEqualTo(made);
        assertThat(cluster.store.revision()).isEqualTo(revision);
    }

    @Test
    void olderTimesOfManagersAreNoChange() {
        ObjectNode made = cluster.create(CONFIG_MAP, "{metadata:{name:'a'},data:{k:'1'}}");
        long revision = cluster.store.revision();
        ObjectNode older = made.deepCopy();
        Meta.writable(older).remove("resourceVersion");
        ((ObjectNode) older.at("/metadata/managedFields/0")).put("time", "2020-01-02T03:04:05Z");
        assertThat(cluster.update(CONFIG_MAP, older)).isEqualTo(made);
        assertThat(cluster.store.revision()).isEqualTo(revision);
        older.withObjectProperty("data").put("k", "2");
        assertThat(cluster.update(CONFIG_MAP, older).at("/metadata/managedFields/0/time"))
                .isNotEqualTo(older.at("/metadata/managedFields/0/time"));
    }

    @Test
    void specAndStatusHaveTheirOwnWriters() {
        ObjectNode made = cluster.create(DEPLOYMENT, DEPLOYMENT_TEXT);
        ObjectNode both = made.deepCopy();
        both.withObjectProperty("spec").put("replicas", 3);
        both.withObjectProperty("status").put("replicas", 9);
        ObjectNode main = cluster.update(DEPLOYMENT, both);
        assertThat(main.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(main.path("status").has("replicas")).isFalse();
        assertThat(Meta.generation(main)).isEqualTo(2);
        ObjectNode sent = main.deepCopy();
        sent.withObjectProperty("spec").put("replicas", 5);
        sent.withObjectProperty("status").put("replicas", 3);
        sent.withObjectProperty("metadata").putArray("finalizers").add("x/y");
        ObjectNode status =
                cluster.api.update(target(DEPLOYMENT, "d").withSubresource("status"), sent, cluster.options());
        assertThat(status.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(status.at("/status/replicas").asInt()).isEqualTo(3);
        assertThat(Meta.finalizers(status)).isEmpty();
        assertThat(Meta.generation(status)).isEqualTo(2);
    }

    @Test
    void metadataOfTheServerIsKept() {
        ObjectNode made = cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        ObjectNode answer = cluster.update(
                CONFIG_MAP, json("{metadata:{name:'a',creationTimestamp:'2000-01-01T00:00:00Z',labels:{x:'y'}}}"));
        assertThat(Meta.uid(answer)).isEqualTo(Meta.uid(made));
        assertThat(answer.at("/metadata/creationTimestamp").asString()).isEqualTo("2026-01-01T00:00:00Z");
        var failure = refused(() -> cluster.update(CONFIG_MAP, json("{metadata:{name:'a',uid:'other'}}")));
        assertThat(failure.message())
                .isEqualTo(
                        "Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, Code: 4, Key:"
                                + " /configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg:"
                                + " Precondition failed: UID in precondition: other, UID in object meta: "
                                + Meta.uid(made));
    }

    @Test
    void theNameInTheBodyMustBeThatOfTheAddress() {
        assertThat(refused(() -> cluster.api.update(
                                target(CONFIG_MAP, "a"), json("{metadata:{name:'b'}}"), cluster.options()))
                        .message())
                .isEqualTo("the name of the object (b) does not match the name on the URL (a)");
        assertThat(refused(() -> cluster.update(CONFIG_MAP, json("{metadata:{name:'a'}}")))
                        .message())
                .isEqualTo("configmaps \"a\" not found");
    }

    @Test
    void concurrentWritersLoseNothing() throws InterruptedException {
        cluster.create(CONFIG_MAP, "{metadata:{name:'count'},data:{n:'0'}}");
        List<Task> tasks = new ArrayList<>();
        for (String name : List.of("one", "two", "three", "four")) {
            Api api = cluster.server.as(User.component(name));
            tasks.add(cluster.world.start(name, () -> count(api, 25)));
        }
        for (Task task : tasks) {
            assertThat(task.join(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(cluster.get(CONFIG_MAP, "count").at("/data/n").asString()).isEqualTo("100");
    }

    private static void count(Api api, int times) {
        for (int done = 0; done < times; ) {
            ObjectNode object = api.get(target(CONFIG_MAP, "count")).deepCopy();
            int n = Integer.parseInt(object.at("/data/n").asString());
            object.withObjectProperty("data").put("n", Integer.toString(n + 1));
            try {
                api.update(target(CONFIG_MAP, "count"), object, WriteOptions.by("counter"));
                done++;
            } catch (StatusException e) {
                if (!e.is(Reason.CONFLICT)) {
                    throw e;
                }
            }
        }
    }
}
