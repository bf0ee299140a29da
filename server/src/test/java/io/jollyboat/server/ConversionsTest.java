package io.jollyboat.server;

import static io.jollyboat.server.Fixture.brief;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class ConversionsTest {
    private static final Resource CORE_EVENT = Resources.kind("v1", "Event");
    private static final Resource EVENT = Resources.kind("events.k8s.io/v1", "Event");
    private static final Resource OLDER = Resources.kind("autoscaling/v1", "HorizontalPodAutoscaler");
    private static final Resource NEWER = Resources.kind("autoscaling/v2", "HorizontalPodAutoscaler");
    private final Fixture cluster = new Fixture();

    @Test
    void eventsAreOneStoreUnderTwoNames() {
        try (Watch watch = cluster.api.watch(EVENT, "default", WatchOptions.from("1"))) {
            cluster.create(
                    CORE_EVENT,
                    "{metadata:{name:'e'},involvedObject:{kind:'Pod',namespace:'default',name:'p'},message:'hello',"
                            + "reason:'r',type:'Normal',source:{component:'me'},count:3}");
            assertThat(brief(next(watch))).startsWith("ADDED e@");
        }
        ObjectNode event = cluster.get(EVENT, "e");
        assertThat(event.path("apiVersion").asString()).isEqualTo("events.k8s.io/v1");
        assertThat(event.path("note").asString()).isEqualTo("hello");
        assertThat(event.at("/regarding/name").asString()).isEqualTo("p");
        assertThat(event.path("deprecatedCount").asInt()).isEqualTo(3);
        ObjectNode changed = cluster.get(CORE_EVENT, "e").deepCopy().put("message", "again");
        cluster.update(CORE_EVENT, changed);
        assertThat(cluster.get(EVENT, "e").path("note").asString()).isEqualTo("again");
        cluster.create(
                EVENT,
                "{metadata:{name:'f'},regarding:{kind:'Pod',namespace:'default',name:'q'},note:'new',reason:'r',"
                        + "type:'Normal',action:'a',eventTime:'2026-01-01T00:00:00.000000Z',"
                        + "reportingController:'x.y/z',reportingInstance:'i'}");
        assertThat(cluster.get(CORE_EVENT, "f").path("message").asString()).isEqualTo("new");
        assertThat(cluster.get(CORE_EVENT, "f").path("reportingComponent").asString())
                .isEqualTo("x.y/z");
        assertThat(cluster.api
                        .list(EVENT, "default", ListOptions.fields("regarding.name=p"))
                        .items())
                .hasSize(1);
        cluster.delete(EVENT, "e");
        cluster.delete(CORE_EVENT, "f");
        assertThat(cluster.api.list(CORE_EVENT, "", ListOptions.ALL).items()).isEmpty();
    }

    @Test
    void autoscalersAreOneStoreInTwoVersions() {
        cluster.create(
                OLDER,
                "{metadata:{name:'h'},spec:{maxReplicas:5,targetCPUUtilizationPercentage:60,"
                        + "scaleTargetRef:{apiVersion:'apps/v1',kind:'Deployment',name:'d'}}}");
        ObjectNode newer = cluster.get(NEWER, "h");
        assertThat(newer.at("/spec/metrics/0/resource/target/averageUtilization")
                        .asInt())
                .isEqualTo(60);
        ObjectNode changed = newer.deepCopy();
        changed.withObjectProperty("spec")
                .withArrayProperty("metrics")
                .add(
                        json(
                                "{type:'Resource',resource:{name:'memory',target:{type:'Utilization',averageUtilization:70}}}"));
        ObjectNode stored = cluster.update(NEWER, changed);
        ObjectNode older = cluster.get(OLDER, "h");
        assertThat(older.at("/spec/targetCPUUtilizationPercentage").asInt()).isEqualTo(60);
        assertThat(older.path("spec").has("metrics")).isFalse();
        cluster.update(OLDER, older);
        assertThat(cluster.get(NEWER, "h").path("spec")).isEqualTo(stored.path("spec"));
    }
}
