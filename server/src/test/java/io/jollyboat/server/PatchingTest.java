package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.DEPLOYMENT;
import static io.jollyboat.server.Fixture.JSON;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.world.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class PatchingTest {
    private final Fixture cluster = new Fixture();

    private void deployment() {
        cluster.create(
                DEPLOYMENT,
                "{metadata:{name:'d'},spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                        + "spec:{containers:[{name:'c',image:'i'},{name:'e',image:'j'}]}}}}");
    }

    @Test
    void mergePatches() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'},data:{k:'v',l:'w'}}");
        ObjectNode answer = cluster.merge(CONFIG_MAP, "a", "{data:{k:null,m:'x'}}");
        assertThat(answer.path("data")).isEqualTo(json("{l:'w',m:'x'}"));
        long revision = cluster.store.revision();
        cluster.merge(CONFIG_MAP, "a", "{data:{m:'x'}}");
        assertThat(cluster.store.revision()).isEqualTo(revision);
    }

    @Test
    void jsonPatches() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'},data:{k:'v'}}");
        var add = new Patch.Json(JSON.readTree("[{op:'add',path:'/data/l',value:'w'},{op:'remove',path:'/data/k'}]"));
        assertThat(cluster.api
                        .patch(target(CONFIG_MAP, "a"), add, cluster.options())
                        .path("data"))
                .isEqualTo(json("{l:'w'}"));
        var test = new Patch.Json(JSON.readTree("[{op:'test',path:'/data/l',value:'z'}]"));
        assertThat(refused(() -> cluster.api.patch(target(CONFIG_MAP, "a"), test, cluster.options()))
                        .reason())
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void strategicPatchesKnowMergeKeys() {
        deployment();
        var patch = new Patch.Strategic(json("{spec:{template:{spec:{containers:[{name:'e',image:'new'}]}}}}"));
        ObjectNode answer = cluster.api.patch(target(DEPLOYMENT, "d"), patch, cluster.options());
        assertThat(answer.at("/spec/template/spec/containers/0/image").asString())
                .isEqualTo("i");
        assertThat(answer.at("/spec/template/spec/containers/1/image").asString())
                .isEqualTo("new");
        assertThat(Meta.generation(answer)).isEqualTo(2);
    }

    @Test
    void aPatchMayNameTheVersion() {
        ObjectNode made = cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        String version = Meta.resourceVersion(made);
        cluster.merge(CONFIG_MAP, "a", "{metadata:{resourceVersion:'%s'},data:{k:'1'}}".formatted(version));
        assertThat(refused(() -> cluster.merge(
                                CONFIG_MAP, "a", "{metadata:{resourceVersion:'%s'},data:{k:'2'}}".formatted(version)))
                        .reason())
                .isEqualTo(Reason.CONFLICT);
        assertThat(refused(() -> cluster.merge(CONFIG_MAP, "missing", "{}")).reason())
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> cluster.merge(CONFIG_MAP, "a", "{metadata:{name:'b'}}"))
                        .reason())
                .isEqualTo(Reason.BAD_REQUEST);
    }

    @Test
    void unknownFieldsAreToldRefusedOrDropped() {
        deployment();
        var patch = new Patch.Merge(json("{spec:{foo:1}}"));
        cluster.api.patch(target(DEPLOYMENT, "d"), patch, cluster.options());
        assertThat(cluster.warnings).containsExactly("unknown field \"spec.foo\"");
        assertThat(cluster.get(DEPLOYMENT, "d").path("spec").has("foo")).isFalse();
        var strict = new WriteOptions("t", FieldValidation.STRICT, false, false, w -> {});
        var onPatch = refused(() -> cluster.api.patch(target(DEPLOYMENT, "d"), patch, strict));
        assertThat(onPatch.reason()).isEqualTo(Reason.INVALID);
        assertThat(onPatch.causes().getFirst().field()).isEqualTo("patch");
        assertThat(refused(() -> cluster.api.create(
                                CONFIG_MAP, "default", json("{metadata:{name:'x'},foo:1,bar:{}}"), strict))
                        .message())
                .isEqualTo(
                        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown"
                                + " field \"foo\", unknown field \"bar\"");
    }

    @Test
    void concurrentPatchesAllHappen() throws InterruptedException {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        List<Task> tasks = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            Api api = cluster.server.as(User.component("writer" + writer));
            String name = "w" + writer;
            tasks.add(cluster.world.start(name, () -> {
                for (int i = 0; i < 25; i++) {
                    var patch = new Patch.Merge(json("{data:{'%s-%d':'x'}}".formatted(name, i)));
                    api.patch(target(CONFIG_MAP, "a"), patch, WriteOptions.by(name));
                }
            }));
        }
        for (Task task : tasks) {
            assertThat(task.join(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(cluster.get(CONFIG_MAP, "a").path("data")).hasSize(100);
    }
}
