package io.jollyboat.network.proxy;

import static io.jollyboat.network.proxy.Samples.pod;
import static io.jollyboat.network.proxy.Samples.pod6;
import static io.jollyboat.network.proxy.Samples.remote;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.Route;
import io.jollyboat.world.World;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private static HealthChecks.Answer answer(Endpoint... endpoints) {
        try (HealthChecks checks = new HealthChecks(World.system(), TestNode.SETTINGS, NetworkNamespace.own())) {
            return checks.answer(new Route(Samples.service("web", "10.43.0.20", ""), List.of(endpoints)));
        }
    }

    @Test
    void aPodWithAnAddressOfEachFamilyIsOneEndpoint() {
        assertThat(answer(pod("a"), pod("b"), pod6("a"), pod6("b")).localEndpoints())
                .isEqualTo(2);
        assertThat(answer(pod6("a")).localEndpoints()).isEqualTo(1);
    }

    @Test
    void othersPodsDoNotCount() {
        assertThat(answer(remote()).status()).isEqualTo(503);
        assertThat(answer(remote(), pod("a")).status()).isEqualTo(200);
    }
}
