package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import org.junit.jupiter.api.Test;

class QuotaControllerTest {
    private static final Resource QUOTA = Resources.kind("v1", "ResourceQuota");
    private final SmallCluster cluster = new SmallCluster(1);

    private String used(String quota) {
        cluster.settle();
        return cluster.get(QUOTA, quota).path("status").path("used").toString();
    }

    @Test
    void theStatusFollowsWhatIsThere() {
        cluster.create(
                QUOTA,
                "default",
                "{metadata:{name:'q'},spec:{hard:{pods:'5',cpu:'4','limits.memory':'4Gi','count/deployments.apps':'3'}}}");
        assertThat(used("q"))
                .isEqualTo("{\"count/deployments.apps\":\"0\",\"cpu\":\"0\",\"limits.memory\":\"0\",\"pods\":\"0\"}");
        assertThat(cluster.get(QUOTA, "q")
                        .path("status")
                        .path("hard")
                        .path("limits.memory")
                        .asString())
                .isEqualTo("4Gi");
        cluster.create(
                SmallCluster.DEPLOYMENT,
                "default",
                "{metadata:{name:'d'},spec:{replicas:2,selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                        + "spec:{containers:[{name:'c',image:'i',resources:{limits:{cpu:'500m',memory:'1Gi'}}}]}}}}");
        assertThat(used("q"))
                .isEqualTo("{\"count/deployments.apps\":\"1\",\"cpu\":\"1\",\"limits.memory\":\"2Gi\",\"pods\":\"2\"}");
        cluster.patch(QUOTA, "q", "{spec:{hard:{pods:'9'}}}");
        used("q");
        assertThat(cluster.get(QUOTA, "q")
                        .path("status")
                        .path("hard")
                        .path("pods")
                        .asString())
                .isEqualTo("9");
        cluster.delete(SmallCluster.DEPLOYMENT, "d", DeleteOptions.background());
        assertThat(used("q"))
                .isEqualTo("{\"count/deployments.apps\":\"0\",\"cpu\":\"0\",\"limits.memory\":\"0\",\"pods\":\"0\"}");
    }

    @Test
    void aDeploymentStopsAtTheQuota() {
        cluster.create(QUOTA, "default", "{metadata:{name:'q'},spec:{hard:{pods:'2'}}}");
        cluster.settle();
        cluster.create(
                SmallCluster.DEPLOYMENT,
                "default",
                "{metadata:{name:'d'},spec:{replicas:3,selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                        + "spec:{containers:[{name:'c',image:'i'}]}}}}");
        assertThat(used("q")).isEqualTo("{\"pods\":\"2\"}");
        assertThat(cluster.pods()).hasSize(2);
        assertThat(cluster.get(SmallCluster.DEPLOYMENT, "d")
                        .path("status")
                        .path("conditions")
                        .toString())
                .contains("ReplicaFailure", "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2");
    }
}
