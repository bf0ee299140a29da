package io.jollyboat.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourcesTest {
    @Test
    void aRowOfTheTableBecomesAResource() {
        Resource deployment = Resources.kind("apps/v1", "Deployment");
        assertThat(deployment.plural()).isEqualTo("deployments");
        assertThat(deployment.shortNames()).containsExactly("deploy");
        assertThat(deployment.namespaced()).isTrue();
        assertThat(deployment.verbs()).contains("deletecollection").hasSize(8);
        assertThat(deployment.qualifiedPlural()).isEqualTo("deployments.apps");
        assertThat(deployment.subresources())
                .extracting(Resource.Subresource::name, Resource.Subresource::group, Resource.Subresource::kind)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("scale", "autoscaling", "Scale"),
                        org.assertj.core.groups.Tuple.tuple("status", "apps", "Deployment"));
    }

    @Test
    void coreKindsComeFirstSoThatClientsResolveNamesToThem() {
        assertThat(Resources.builtIn().all().getFirst().group()).isEmpty();
        assertThat(Resources.builtIn().all()).hasSize(66);
    }
}
