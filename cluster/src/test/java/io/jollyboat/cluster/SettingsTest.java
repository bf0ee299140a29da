package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.network.loadbalancer.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path folder;

    /** Every default in one place: who changes one changes it here too. */
    @Test
    void defaults() {
        assertThat(Settings.named("jolly"))
                .isEqualTo(new Settings(
                        "jolly",
                        0,
                        6443,
                        5050,
                        "10.41.0.0/16",
                        "10.42.0.0/16",
                        "10.43.0.0/16",
                        "10.43.0.10",
                        "cluster.local",
                        true,
                        true,
                        Balancing.DEFAULT,
                        List.of(),
                        1));
    }

    @Test
    void whatIsWrittenIsRead() {
        Settings settings = Settings.named("other")
                .at(3, 7000, 7001)
                .withUplink(false)
                .withIpv6(false)
                .withBalancing(Balancing.of("pool=192.0.2.0/28"))
                .withDnsUpstreams(List.of("192.0.2.1", "[2001:db8::1]:5353"))
                .withNodes(3);
        settings.write(folder.resolve("settings.json"));
        assertThat(Settings.read(folder.resolve("settings.json"))).contains(settings);
        assertThat(Settings.read(folder.resolve("missing.json"))).isEmpty();
    }

    @Test
    void settingsFromBeforeAnOptionHaveItsDefault() throws IOException {
        Path file = folder.resolve("settings.json");
        Settings.named("old").write(file);
        String text = Files.readString(file)
                .replaceFirst(",\\s*\"loadBalancer\" : \"localhost\"", "")
                .replaceFirst(",\\s*\"dnsUpstreams\" : \\[ ]", "")
                .replaceFirst(",\\s*\"nodes\" : 1", "");
        assertThat(text).doesNotContain("loadBalancer", "dnsUpstreams", "nodes");
        Files.writeString(file, text);
        assertThat(Settings.read(file)).contains(Settings.named("old"));
    }

    @Test
    void whatIsWishedLaterChangesWhatMayChange() {
        Wish wish = new Wish(
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Balancing.of("node")),
                Optional.of(List.of("192.0.2.1")),
                OptionalInt.of(2));
        Settings changed = wish.appliedTo(Settings.named("x"));
        assertThat(changed.balancing().mode()).isEqualTo(Mode.NODE);
        assertThat(changed.dnsUpstreams()).containsExactly("192.0.2.1");
        assertThat(changed.nodes()).isEqualTo(2);
        assertThat(Wish.NONE.appliedTo(changed)).isEqualTo(changed);
    }

    @Test
    void aPoolIsTheBlocksUpperHalfOrTheUsersOwn() {
        Settings settings = Settings.named("x").at(3, 7000, 7001).withBalancing(Balancing.of("pool"));
        assertThat(pools(settings, true)).isEqualTo("[10.41.3.128/25, fd00:10:41:3::1:0/112]");
        assertThat(pools(settings, false)).isEqualTo("[10.41.3.128/25]");
        Settings own = settings.withBalancing(Balancing.of("pool=10.9.0.0/24"));
        assertThat(pools(own, true)).isEqualTo("[10.9.0.0/24, fd00:10:41:3::1:0/112]");
        assertThat(own.balancing().mode()).isEqualTo(Mode.POOL);
        String both = "pool=10.9.0.0/24,fd00:9::/112";
        assertThat(Balancing.of(both)).hasToString(both);
        assertThat(pools(settings.withBalancing(Balancing.of(both)), true)).isEqualTo("[10.9.0.0/24, fd00:9::/112]");
        for (String wrong : List.of("pool=", "pool=10.9.0.0/24,", "pool=10.9.0.0/24,10.8.0.0/24")) {
            assertThatThrownBy(() -> Balancing.of(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String pools(Settings settings, boolean ipv6) {
        return AddressPlan.of(settings, ipv6).balancerPools().toString();
    }

    @Test
    void eachClusterHasItsOwnBlockOfTheNodeNetwork() {
        Settings settings = Settings.named("other").at(3, 7000, 7001);
        assertThat(settings.hostAddress()).isEqualTo("10.41.3.1");
        assertThat(settings.nodeAddress(1)).isEqualTo("10.41.3.3");
        assertThat(settings.kubernetesAddress()).isEqualTo("10.43.0.1");
    }

    @Test
    void damagedSettingsAreToldApart() throws IOException {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, "{\"name\":");
        assertThatThrownBy(() -> Settings.read(file))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("jolly delete");
        Files.writeString(file, "{\"name\":\"x\"}");
        assertThatThrownBy(() -> Settings.read(file))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("nodeNetwork");
    }
}
