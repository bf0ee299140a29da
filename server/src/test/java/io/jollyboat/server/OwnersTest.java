package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.DEPLOYMENT;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class OwnersTest {
    private final Fixture cluster = new Fixture();

    private static WriteOptions by(String manager, boolean force) {
        return new WriteOptions(manager, FieldValidation.WARN, false, force, w -> {});
    }

    private ObjectNode apply(String manager, boolean force, String data) {
        String intent = "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a'},data:{%s}}".formatted(data);
        return cluster.api.patch(target(CONFIG_MAP, "a"), new Patch.Apply(json(intent)), by(manager, force));
    }

    @Test
    void everyWriterOwnsWhatItWrote() {
        ObjectNode made = cluster.create(CONFIG_MAP, "{metadata:{name:'a'},data:{k:'v'}}");
        JsonNode entry = made.at("/metadata/managedFields/0");
        assertThat(entry.path("manager").asString()).isEqualTo("tester");
        assertThat(entry.path("operation").asString()).isEqualTo("Update");
        assertThat(entry.at("/fieldsV1/f:data/f:k").isObject()).isTrue();
        cluster.world.advance(Duration.ofSeconds(5));
        cluster.api.patch(target(CONFIG_MAP, "a"), new Patch.Merge(json("{data:{l:'w'}}")), by("other", false));
        assertThat(cluster.get(CONFIG_MAP, "a").at("/metadata/managedFields")).hasSize(2);
    }

    @Test
    void applyCreatesAndIsIdempotent() {
        ObjectNode made = apply("m", false, "k:'v'");
        assertThat(Meta.uid(made)).isNotEmpty();
        assertThat(made.at("/metadata/managedFields/0/operation").asString()).isEqualTo("Apply");
        cluster.world.advance(Duration.ofSeconds(5));
        assertThat(apply("m", false, "k:'v'")).isEqualTo(made);
        assertThat(apply("m", false, "l:'w'").path("data")).isEqualTo(json("{l:'w'}"));
    }

    @Test
    void conflictsAreToldAndForced() {
        apply("m", false, "k:'v'");
        var failure = refused(() -> apply("n", false, "k:'w'"));
        assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(failure.message()).isEqualTo("Apply failed with 1 conflict: conflict with \"m\": .data.k");
        assertThat(apply("n", true, "k:'w'").at("/data/k").asString()).isEqualTo("w");
        assertThat(refused(() -> apply("", false, "k:'w'")).message())
                .isEqualTo(
                        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply"
                                + " patch");
    }

    @Test
    void defaultsOfAnAppliedObjectDoNotMakeItChange() {
        var intent = new Patch.Apply(
                json(
                        "{apiVersion:'apps/v1',kind:'Deployment',metadata:{name:'d'},spec:{selector:"
                                + "{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},spec:{containers:[{name:'c',image:'i'}]}}}}"));
        cluster.api.patch(target(DEPLOYMENT, "d"), intent, by("m", false));
        long revision = cluster.store.revision();
        ObjectNode again = cluster.api.patch(target(DEPLOYMENT, "d"), intent, by("m", false));
        assertThat(cluster.store.revision()).isEqualTo(revision);
        assertThat(Meta.generation(again)).isEqualTo(1);
    }

    @Test
    void statusHasEntriesOfItsOwn() {
        cluster.create(
                DEPLOYMENT,
                "{metadata:{name:'d'},spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                        + "spec:{containers:[{name:'c',image:'i'}]}}}}");
        cluster.world.advance(Duration.ofSeconds(5));
        var patch = new Patch.Merge(json("{status:{replicas:1}}"));
        ObjectNode answer = cluster.api.patch(target(DEPLOYMENT, "d").withSubresource("status"), patch, by("c", false));
        JsonNode entry = answer.at("/metadata/managedFields/1");
        assertThat(entry.path("subresource").asString()).isEqualTo("status");
        assertThat(entry.at("/fieldsV1/f:status/f:replicas").isObject()).isTrue();
    }
}
