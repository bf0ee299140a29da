package io.jollyboat.node.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.linux.Program;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeNetworkTest {
    private static NodeSettings settings(String cluster, String node, boolean uplink) {
        return new NodeSettings(
                cluster,
                node,
                Path.of("/tmp/none"),
                List.of(
                        new NodeAddresses(
                                "10.141.9.1", "10.141.9.2", "10.142.9.0/24", "10.142.0.0/16", "10.141.0.0/16"),
                        new NodeAddresses(
                                "fd00:10:141:9::1",
                                "fd00:10:141:9::2",
                                "fd00:10:142:9::/120",
                                "fd00:10:142::/48",
                                "fd00:10:141::/48")),
                uplink,
                Optional.empty(),
                List.of());
    }

    @Test
    void withoutUplinkThereIsNoWayOut() {
        NodeSettings cut = settings("jn", "jn-9", false);
        assertThat(NodeNetwork.nodeCommands(cut))
                .doesNotContain("default")
                .contains("route replace 10.141.9.1 dev eth0", "route replace unreachable 10.142.0.0/16");
        assertThat(NodeNetwork.nodeRules(cut))
                .contains("oifname \"eth0\" ip daddr != { 10.142.0.0/16, 10.141.0.0/16 } reject")
                .doesNotContain("oifname \"eth0\" masquerade");
    }

    @Test
    void withUplinkPodsLeaveWithTheNodesAddress() {
        NodeSettings open = settings("jn", "jn-9", true);
        assertThat(NodeNetwork.nodeCommands(open)).contains("route replace default via 10.141.9.1 dev eth0");
        assertThat(NodeNetwork.nodeRules(open))
                .contains(
                        "ip saddr 10.142.9.0/24 ip daddr != { 10.142.0.0/16, 10.141.0.0/16 } oifname \"eth0\" masquerade");
    }

    @Test
    void ipv6StaysInsideTheMachine() {
        NodeSettings open = settings("jn", "jn-9", true);
        assertThat(NodeNetwork.nodeCommands(open))
                .contains("addr replace fd00:10:141:9::2/128 dev eth0 nodad")
                .contains("route replace unreachable fd00:10:142::/48")
                .doesNotContain("default via fd00");
        assertThat(NodeNetwork.hostCommands(open))
                .contains("addr replace fd00:10:141:9::1 peer fd00:10:141:9::2/128 dev jv-jn.9 nodad")
                .contains("route replace fd00:10:142:9::/120 via fd00:10:141:9::2 dev jv-jn.9 onlink");
        assertThat(NodeNetwork.nodeRules(open))
                .contains("ip6 daddr != { fd00:10:142::/48, fd00:10:141::/48 } reject with icmpv6 type no-route");
    }

    @Test
    void theHostSeesTheNodesAddress() {
        assertThat(NodeNetwork.nodeRules(settings("jn", "jn-9", true)))
                .contains(
                        "ip saddr 10.142.9.0/24 ip daddr 10.141.9.1 masquerade",
                        "ip6 saddr fd00:10:142:9::/120 ip6 daddr fd00:10:141:9::1 masquerade");
    }

    @Test
    void aLinkLeadsToTheOtherNodeAndItsPods() {
        List<NodeAddresses> own = settings("jn", "jn-9", true).addresses();
        List<NodeAddresses> others = List.of(
                new NodeAddresses("10.141.9.1", "10.141.9.3", "10.142.8.0/24", "10.142.0.0/16", "10.141.0.0/16"),
                new NodeAddresses(
                        "fd00:10:141:9::1",
                        "fd00:10:141:9::3",
                        "fd00:10:142:8::/120",
                        "fd00:10:142::/48",
                        "fd00:10:141::/48"));
        assertThat(NodeLinks.commands("node-8", own, others)).isEqualTo("""
                link set node-8 up
                addr replace 10.141.9.2 peer 10.141.9.3/32 dev node-8
                route replace 10.142.8.0/24 via 10.141.9.3 dev node-8 onlink
                addr replace fd00:10:141:9::2 peer fd00:10:141:9::3/128 dev node-8 nodad
                route replace fd00:10:142:8::/120 via fd00:10:141:9::3 dev node-8 onlink
                """);
    }

    @Test
    void namesDeriveFromClusterAndNode() {
        assertThat(settings("jolly", "jolly", true).id()).isEqualTo("jolly");
        assertThat(settings("jolly", "jolly-2", true).id()).isEqualTo("jolly.2");
        assertThat(settings("jolly-2", "jolly-2", true).id()).isEqualTo("jolly-2");
        assertThat(settings("jolly", "jolly-2", true).table()).isEqualTo("jollyboat_jolly.2");
        assertThat(settings("jolly-2", "jolly-2", true).table()).isEqualTo("jollyboat_jolly_2");
        assertThat(settings("blue", "one", true).hostDevice()).isEqualTo("jv-blue.one");
        assertThat(settings("a-long-name", "a-long-name-12", true).hostDevice())
                .hasSizeLessThanOrEqualTo(15)
                .isNotEqualTo(settings("a-long-name", "a-long-name-13", true).hostDevice());
    }

    @Test
    @Needs({Need.ROOT, Need.NFT})
    void nftUnderstandsTheRules() {
        List<String> check = List.of("nft", "--check", "-f", "-");
        for (boolean uplink : new boolean[] {true, false}) {
            assertThat(Program.result(NodeNetwork.nodeRules(settings("jn", "jn-9", uplink)), check))
                    .isEqualTo(new Program.Result(0, ""));
        }
        assertThat(Program.result(NodeNetwork.hostRules(settings("jn", "jn-9", true), "eth0"), check))
                .isEqualTo(new Program.Result(0, ""));
    }
}
