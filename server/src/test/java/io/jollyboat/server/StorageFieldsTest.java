package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server itself fills in of claims, volumes and what roles and limits leave empty. */
final class StorageFieldsTest {
    private static final Resource CLAIM = Resources.kind("v1", "PersistentVolumeClaim");
    private static final Resource VOLUME = Resources.kind("v1", "PersistentVolume");
    private static final Resource ROLE = Resources.kind("rbac.authorization.k8s.io/v1", "Role");
    private static final Resource LIMITS = Resources.kind("v1", "LimitRange");

    private final Fixture cluster = new Fixture();

    private JsonNode claim(String name, String sources) {
        return cluster.create(
                        CLAIM,
                        "{metadata:{name:'" + name + "'},spec:{accessModes:['ReadWriteOnce'],"
                                + "resources:{requests:{storage:'1Gi'}}," + sources + "}}")
                .path("spec");
    }

    @Test
    void aClaimsTwoSourcesAreFilledInFromEachOther() {
        JsonNode older = claim("a", "dataSource:{kind:'PersistentVolumeClaim',name:'s'}");
        assertThat(older.path("dataSourceRef"))
                .isEqualTo(Fixture.json("{kind:'PersistentVolumeClaim',name:'s',apiGroup:null}"));
        JsonNode newer = claim("b", "dataSourceRef:{apiGroup:'a.b',kind:'Any',name:'s'}");
        assertThat(newer.path("dataSource")).isEqualTo(Fixture.json("{apiGroup:'a.b',kind:'Any',name:'s'}"));
    }

    @Test
    void whatTheOlderSourceNeverCouldBeIsDropped() {
        JsonNode foreign = claim("a", "dataSource:{apiGroup:'a.b',kind:'Any',name:'s'}");
        assertThat(foreign.has("dataSource")).isFalse();
        assertThat(foreign.has("dataSourceRef")).isFalse();
        JsonNode elsewhere = claim("b", "dataSourceRef:{kind:'PersistentVolumeClaim',name:'s',namespace:'other'}");
        assertThat(elsewhere.has("dataSource")).isFalse();
        assertThat(elsewhere.has("dataSourceRef")).isFalse();
    }

    @Test
    void aClientThatKnowsTheOlderSourceOnlyMayWriteTheClaimBack() {
        claim("a", "dataSourceRef:{apiGroup:'a.b',kind:'Any',name:'s'}");
        ObjectNode stored = cluster.get(CLAIM, "a").deepCopy();
        stored.withObjectProperty("spec").remove("dataSourceRef");
        Meta.writable(stored).withObjectProperty("labels").put("a", "b");
        ObjectNode written = cluster.update(CLAIM, stored);
        assertThat(written.at("/spec/dataSourceRef/kind").asString()).isEqualTo("Any");
    }

    @Test
    void aVolumeKnowsSinceWhenItHasItsPhase() {
        ObjectNode made = cluster.create(
                VOLUME,
                "{metadata:{name:'v'},spec:{capacity:{storage:'1Gi'},accessModes:['ReadWriteOnce'],"
                        + "hostPath:{path:'/v'}}}");
        String first = made.at("/status/lastPhaseTransitionTime").asString();
        assertThat(first).isNotEmpty();
        cluster.world.advance(Duration.ofMinutes(1));
        assertThat(since("{status:{message:'m'}}")).isEqualTo(first);
        String second = since("{status:{phase:'Available'}}");
        assertThat(second).isGreaterThan(first);
        assertThat(since("{status:{phase:'Bound',lastPhaseTransitionTime:'2020-01-01T00:00:00Z'}}"))
                .isEqualTo("2020-01-01T00:00:00Z");
    }

    private String since(String patch) {
        Target status = Target.of(VOLUME, "", "v").withSubresource("status");
        return cluster.api
                .patch(status, new Patch.Merge(Fixture.json(patch)), cluster.options())
                .at("/status/lastPhaseTransitionTime")
                .asString();
    }

    @Test
    void emptyListsAreWrittenAsNull() {
        ObjectNode role = cluster.create(ROLE, "{metadata:{name:'none'}}");
        assertThat(role.path("rules").isNull()).isTrue();
        assertThat(role.at("/metadata/managedFields").isMissingNode()).isTrue();
        ObjectNode empty = cluster.create(ROLE, "{metadata:{name:'empty'},rules:[]}");
        assertThat(empty.path("rules").isNull()).isTrue();
        assertThat(empty.at("/metadata/managedFields/0/fieldsV1")).isEqualTo(Fixture.json("{'f:rules':{}}"));
        ObjectNode limits = cluster.create(LIMITS, "{metadata:{name:'none'}}");
        assertThat(limits.path("spec")).isEqualTo(Fixture.json("{limits:null}"));
    }

    @Test
    void writingBackWhatWasReadChangesNothing() {
        ObjectNode role = cluster.create(ROLE, "{metadata:{name:'none'}}");
        assertThat(cluster.update(ROLE, role.deepCopy())).isEqualTo(role);
    }

    @Test
    void limitsNeedNoName() {
        assertThat(Meta.name(cluster.create(LIMITS, "{metadata:{}}"))).isNotEmpty();
    }
}
