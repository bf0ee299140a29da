package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.DEPLOYMENT;
import static io.jollyboat.controllers.SmallCluster.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.world.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The controllers as they run in production: each mirror and loop a task of its own. */
class ControllersTest {
    private static final int TRIES = 12_000;

    @Test
    void theyStartWorkAndStop() throws InterruptedException {
        SmallCluster cluster = new SmallCluster(1);
        Controllers running =
                new Controllers(cluster.api, World.system(), CertificateAuthority.withoutKey("the certificate"));
        running.start();
        try {
            cluster.create(DEPLOYMENT, "default", deployment("web", 3, "i", ""));
            waitForPods(cluster, 3);
        } finally {
            running.close();
        }
        cluster.patch(DEPLOYMENT, "web", "{spec:{replicas:5}}");
        try (Controllers next =
                new Controllers(cluster.api, World.system(), CertificateAuthority.withoutKey("the certificate"))) {
            next.start();
            waitForPods(cluster, 5);
        }
    }

    private static void waitForPods(SmallCluster cluster, int count) throws InterruptedException {
        for (int i = 0; cluster.pods().size() != count; i++) {
            assertThat(i).as("tries to see %d Pods", count).isLessThan(TRIES);
            World.system().sleep(Duration.ofMillis(5));
        }
        assertThat(cluster.pods()).hasSize(count);
    }
}
