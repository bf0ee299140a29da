package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.node.host.NodeAddresses;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressPlanTest {
    private static final Settings SETTINGS = Settings.named("other").at(18, 7000, 7001);

    @Test
    void eachNodeHasAPlaceInBothFamilies() {
        AddressPlan plan = AddressPlan.of(SETTINGS, true);
        assertThat(plan.node(0).getFirst())
                .isEqualTo(
                        new NodeAddresses("10.41.18.1", "10.41.18.2", "10.42.0.0/24", "10.42.0.0/16", "10.41.18.0/24"));
        assertThat(plan.node(10).getLast())
                .isEqualTo(new NodeAddresses(
                        "fd00:10:41:12::1",
                        "fd00:10:41:12::c",
                        "fd00:10:42:a::/120",
                        "fd00:10:42::/48",
                        "fd00:10:41:12::/64"));
        assertThat(AddressPlan.of(Settings.named("first"), true).node(0).getLast())
                .isEqualTo(new NodeAddresses(
                        "fd00:10:41::1", "fd00:10:41::2", "fd00:10:42::/120", "fd00:10:42::/48", "fd00:10:41::/64"));
        assertThat(plan.serviceNetworks()).isEqualTo(List.of("10.43.0.0/16", "fd00:10:43::/112"));
        assertThat(plan.podNetworks()).isEqualTo(List.of("10.42.0.0/16", "fd00:10:42::/48"));
    }

    @Test
    void withoutIpv6ThereIsOneFamily() {
        AddressPlan plan = AddressPlan.of(SETTINGS, false);
        assertThat(plan.node(0)).hasSize(1);
        assertThat(plan.hostAddresses()).containsExactly("10.41.18.1");
        assertThat(AddressPlan.of(Settings.named("first"), true).node(0).getLast())
                .isEqualTo(new NodeAddresses(
                        "fd00:10:41::1", "fd00:10:41::2", "fd00:10:42::/120", "fd00:10:42::/48", "fd00:10:41::/64"));
        assertThat(plan.serviceNetworks()).containsExactly("10.43.0.0/16");
        assertThat(AddressPlan.here(SETTINGS.withIpv6(false)).isDualStack()).isFalse();
    }
}
