package io.jollyboat.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.network.LiveTable;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.World;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real packets to the ports that Pods have on their node, in namespaces of the test's own. */
@Needs({Need.ROOT, Need.IP, Need.NFT})
class HostPortPacketsTest {
    private TestNode node;
    private Ruleset ruleset;
    private HealthChecks healthChecks;
    private Proxy proxy;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode();
        node.serve("a", 8080);
        node.serve("b", 8080);
        ruleset = new NftRuleset(TestNode.SETTINGS, TestNode.namespace(TestNode.NODE));
        healthChecks = new HealthChecks(World.system(), TestNode.SETTINGS, TestNode.namespace(TestNode.NODE));
    }

    @AfterEach
    void stop() {
        proxy.close();
        healthChecks.close();
        ruleset.close();
        node.close();
    }

    @Test
    void hostPortsLeadToTheirPodAndGoWithIt() throws Exception {
        Resource pods = Resources.kind("v1", "Pod");
        Api api = Server.over(World.system(), new MemoryStore(), BuiltInSchema.schema())
                .build()
                .as(User.component("tester"));
        WriteOptions options = WriteOptions.by("tester");
        api.create(Resources.kind("v1", "Namespace"), "", object("{'metadata': {'name': 'default'}}"), options);
        api.create(
                Resources.kind("v1", "ServiceAccount"),
                "default",
                object("{'metadata': {'name': 'default'}}"),
                options);
        api.create(pods, "default", object("""
                        {'metadata': {'name': 'web'}, 'spec': {'nodeName': 'n1', 'containers': [{'name': 'c', 'image': 'i',
                         'ports': [{'containerPort': 8080, 'hostPort': 80}, {'containerPort': 8080, 'hostPort': 80, 'protocol': 'UDP'},
                          {'containerPort': 8080, 'hostPort': 81, 'hostIP': '127.0.0.1'}]}]}}
                        """), options);
        try (HostPorts hostPorts = new HostPorts(api, World.system(), "n1")) {
            proxy = new Proxy(
                    World.system(), new LiveTable(), Optional.of(hostPorts), TestNode.SETTINGS, ruleset, healthChecks);
            settle(hostPorts);
            assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 80))
                    .as("the Pod has no address yet")
                    .isEqualTo("refused");
            Target web = Target.of(pods, "default", "web");
            Patch.Merge running = new Patch.Merge(object("""
                    {'status': {'phase': 'Running', 'podIP': '10.42.0.12', 'podIPs': [{'ip': '10.42.0.12'}, {'ip': 'fd00:10:42::12'}]}}
                    """));
            api.patch(web.withSubresource("status"), running, options);
            settle(hostPorts);
            assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 80))
                    .as("the client's address is kept")
                    .isEqualTo("b 10.41.0.1");
            assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS6, 80)).isEqualTo("b fd00:10:41:0:0:0:0:1");
            for (String from : new String[] {"a", "b", TestNode.NODE}) {
                assertThat(node.ask(from, TestNode.NODE_ADDRESS, 80)).as(from).startsWith("b ");
                assertThat(node.ask(from, TestNode.NODE_ADDRESS6, 80)).as(from).startsWith("b ");
            }
            assertThat(TestNode.askUdp(node.datagrams(TestNode.OUTSIDE), TestNode.NODE_ADDRESS, 80))
                    .startsWith("b ");
            assertThat(node.ask(TestNode.NODE, "127.0.0.1", 80)).startsWith("b ");
            assertThat(node.ask(TestNode.NODE, "127.0.0.1", 81)).startsWith("b ");
            assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 81)).isEqualTo("refused");
            api.delete(web, DeleteOptions.now());
            settle(hostPorts);
            assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 80)).isEqualTo("refused");
            assertThat(node.ask(TestNode.NODE, "127.0.0.1", 81)).isEqualTo("refused");
        }
    }

    private void settle(HostPorts hostPorts) throws InterruptedException {
        boolean busy = true;
        for (int i = 0; busy; i++) {
            assertThat(i).isLessThan(99);
            busy = hostPorts.poll();
            busy |= proxy.poll();
        }
    }

    private static ObjectNode object(String text) {
        return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
    }
}
