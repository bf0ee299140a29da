package io.jollyboat.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class MetaTest {
    @Test
    void readsWhatIsThere() {
        ObjectNode object = (ObjectNode) Table.json("""
                {apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: {name: 'a', namespace: 'b', uid: 'u',
                 resourceVersion: '7', generation: 3, deletionTimestamp: '2026-01-02T03:04:05Z',
                 creationTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x/y'], labels: {l: '1'}, annotations: {n: '2'},
                 ownerReferences: [{apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'o1'},
                  {apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', uid: 'o2', controller: true, blockOwnerDeletion: true}]}}""");
        assertThat(Meta.key(object)).isEqualTo("b/a");
        assertThat(Meta.generation(object)).isEqualTo(3);
        assertThat(Meta.isBeingDeleted(object)).isTrue();
        assertThat(Meta.deletionTimestamp(object)).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(Meta.finalizers(object)).containsExactly("x/y");
        assertThat(Meta.label(object, "l")).contains("1");
        assertThat(Meta.annotations(object)).containsEntry("n", "2");
        assertThat(Meta.ownerReferences(object)).hasSize(2);
        OwnerReference controller = Meta.controller(object).orElseThrow();
        assertThat(controller).isEqualTo(new OwnerReference("apps/v1", "Deployment", "d", "o2", true, true));
        assertThat(controller.group()).isEqualTo("apps");
        assertThat(OwnerReference.of(controller.json())).isEqualTo(controller);
    }

    @Test
    void whatIsMissingReadsAsEmpty() {
        ObjectNode object = (ObjectNode) Table.json("{metadata: {name: 5, deletionTimestamp: 'soon', labels: 'no'}}");
        assertThat(Meta.name(object)).isEmpty();
        assertThat(Meta.deletionTimestamp(object)).isEmpty();
        assertThat(Meta.labels(object)).isEmpty();
        assertThat(Meta.controller(object)).isEmpty();
        assertThat(Meta.generation(object)).isZero();
    }
}
