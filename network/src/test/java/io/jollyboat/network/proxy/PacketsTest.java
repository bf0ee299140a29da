package io.jollyboat.network.proxy;

import static io.jollyboat.network.proxy.Samples.pod;
import static io.jollyboat.network.proxy.Samples.pod6;
import static io.jollyboat.network.proxy.Samples.remote;
import static io.jollyboat.network.proxy.Samples.remote6;
import static io.jollyboat.network.proxy.Samples.service;
import static io.jollyboat.network.proxy.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.Change;
import io.jollyboat.client.Key;
import io.jollyboat.network.LiveTable;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real packets through real rules, in namespaces of the test's own. */
@Needs({Need.ROOT, Need.IP, Need.NFT})
class PacketsTest {
    private static final String WEB = "10.43.0.20";
    private static final String WEB6 = "fd00:10:43::20";

    private final LiveTable table = new LiveTable();
    private TestNode node;
    private Ruleset ruleset;
    private Proxy proxy;
    private HealthChecks healthChecks;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode();
        node.serve("a", 8080);
        node.serve("b", 8080);
        node.serve("c", 8080);
        node.serve("remote", TestNode.OUTSIDE, TestNode.REMOTE, 8080);
        startProxy();
    }

    private void startProxy() throws InterruptedException {
        ruleset = new NftRuleset(TestNode.SETTINGS, TestNode.namespace(TestNode.NODE));
        healthChecks = new HealthChecks(World.system(), TestNode.SETTINGS, TestNode.namespace(TestNode.NODE));
        proxy = new Proxy(World.system(), table, Optional.empty(), TestNode.SETTINGS, ruleset, healthChecks);
        settle();
    }

    private void settle() throws InterruptedException {
        for (int i = 0; i < 100 && proxy.poll(); i++) {
            assertThat(i).isLessThan(99);
        }
    }

    private void stopProxy() {
        proxy.close();
        healthChecks.close();
        ruleset.close();
    }

    @AfterEach
    void stop() {
        stopProxy();
        node.close();
    }

    private void put(io.jollyboat.network.Service service) throws InterruptedException {
        table.put(service);
        settle();
    }

    private void put(io.jollyboat.network.EndpointSlice slice) throws InterruptedException {
        table.put(slice);
        settle();
    }

    @Test
    void aClusterIpReachesAllEndpointsFromPodsAndFromTheNode() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("b"), pod("c"), remote()));
        assertThat(node.spread("a", WEB, 80, 40)).containsExactly("b", "c", "remote");
        assertThat(node.spread(TestNode.NODE, WEB, 80, 40)).containsExactly("b", "c", "remote");
        assertThat(node.ask("a", WEB, 80)).as("Pods keep their address").endsWith(" 10.42.0.11");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            names.add(TestNode.askUdp(node.datagrams("a"), WEB, 80).split(" ")[0]);
        }
        assertThat(names).containsExactlyInAnyOrder("b", "c", "remote");
    }

    @Test
    void whatTheNodeAnswersItselfIsLeftAlone() throws Exception {
        io.jollyboat.linux.Program.run("ip", "-n", "jp-node", "addr", "add", "10.43.0.10/32", "dev", "lo");
        node.serve("dns", TestNode.NODE, "10.43.0.10", 80);
        put(service("kube-dns", "10.43.0.10", ""));
        assertThat(node.ask("a", "10.43.0.10", 80)).isEqualTo("dns 10.42.0.11");
        assertThat(TestNode.askUdp(node.datagrams("a"), "10.43.0.10", 80)).isEqualTo("dns 10.42.0.11");
        assertThat(node.ask(TestNode.NODE, "10.43.0.10", 80)).startsWith("dns ");
    }

    @Test
    void aPodReachesItselfThroughItsService() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("a")));
        assertThat(node.ask("a", WEB, 80)).startsWith("a ").doesNotEndWith(" 10.42.0.11");
        assertThat(TestNode.askUdp(node.datagrams("a"), WEB, 80)).startsWith("a ");
    }

    @Test
    void whatNobodyServesIsRefused() throws Exception {
        put(service("web", WEB, 30080, ""));
        assertThat(node.ask("a", WEB, 80)).isEqualTo("refused");
        assertThat(node.ask(TestNode.NODE, WEB, 80)).isEqualTo("refused");
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30080)).isEqualTo("refused");
        assertThat(TestNode.askUdp(node.datagrams("a"), WEB, 80)).isEqualTo("refused");
        assertThat(node.ask("a", "10.43.0.99", 80)).as("no such Service").isEqualTo("refused");
        assertThat(node.ask(TestNode.NODE, "10.43.0.99", 80)).isEqualTo("refused");
    }

    @Test
    void terminatingEndpointsServeWhereNoneIsReady() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("b").ending(true), pod("c").ending(false)));
        assertThat(node.spread("a", WEB, 80, 10)).containsExactly("b");
        put(slice("web", pod("b").ending(false)));
        assertThat(node.ask("a", WEB, 80)).isEqualTo("refused");
    }

    @Test
    void aNodePortAnswersToAllAndReachesAll() throws Exception {
        put(service("web", WEB, 30080, ", \"type\": \"NodePort\""));
        put(slice("web", pod("b"), remote()));
        for (String from : new String[] {TestNode.OUTSIDE, "a", "b", TestNode.NODE}) {
            assertThat(node.spread(from, TestNode.NODE_ADDRESS, 30080, 30))
                    .as(from)
                    .containsExactly("b", "remote");
        }
        assertThat(TestNode.askUdp(node.datagrams(TestNode.OUTSIDE), TestNode.NODE_ADDRESS, 30080))
                .matches("(b|remote) .*");
    }

    @Test
    void theLocalPolicyKeepsTheClientsAddress() throws Exception {
        put(service("web", WEB, 30080, ", \"type\": \"NodePort\", \"externalTrafficPolicy\": \"Local\""));
        put(slice("web", pod("b"), remote()));
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30080)).isEqualTo("b 10.41.0.1");
        assertThat(node.spread(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30080, 20))
                .containsExactly("b");
        assertThat(node.spread("a", TestNode.NODE_ADDRESS, 30080, 30)).containsExactly("b", "remote");
        put(slice("web", remote()));
        assertThat(node.askInHaste(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30080))
                .isEqualTo("lost");
        assertThat(node.spread("a", TestNode.NODE_ADDRESS, 30080, 3)).containsExactly("remote");
    }

    @Test
    void theHealthCheckPortTellsWhetherTheNodeHasEndpoints() throws Exception {
        String local =
                ", \"type\": \"LoadBalancer\", \"externalTrafficPolicy\": \"Local\", \"healthCheckNodePort\": 30999";
        put(service("web", WEB, local));
        put(slice("web", remote()));
        assertThat(node.get(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30999))
                .startsWith("HTTP/1.1 503 ")
                .contains("\"name\": \"web\"}, \"localEndpoints\": 0,");
        put(slice("web", pod("a"), pod("b"), remote()));
        assertThat(node.get(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30999))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"localEndpoints\": 2,")
                .containsIgnoringCase("Content-Type: application/json")
                .containsIgnoringCase("X-Content-Type-Options: nosniff")
                .containsIgnoringCase("X-Load-Balancing-Endpoint-Weight: 2");
        put(service("web", WEB, ""));
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30999)).isEqualTo("refused");
    }

    @Test
    void theInternalLocalPolicyStaysOnTheNode() throws Exception {
        put(service("web", WEB, ", \"internalTrafficPolicy\": \"Local\""));
        put(slice("web", pod("b"), remote()));
        assertThat(node.spread("a", WEB, 80, 20)).containsExactly("b");
        put(slice("web", remote()));
        assertThat(node.askInHaste("a", WEB, 80)).isEqualTo("lost");
    }

    @Test
    void loadBalancerAndExternalAddressesWithSourceRanges() throws Exception {
        put(service("web", WEB, """
                , "type": "LoadBalancer", "externalIPs": ["10.44.0.8"],
                 "loadBalancerSourceRanges": ["10.41.0.9/32", "10.41.0.8/31", "10.42.0.12/32"]},
                 "status": {"loadBalancer": {"ingress": [{"ip": "10.44.0.7"}]}}
                """));
        put(slice("web", pod("b"), remote()));
        assertThat(node.spread(TestNode.OUTSIDE, "10.44.0.7", 80, 20)).containsExactly("b", "remote");
        assertThat(node.spread(TestNode.OUTSIDE, "10.44.0.8", 80, 20)).containsExactly("b", "remote");
        assertThat(node.ask("b", "10.44.0.7", 80)).matches("(b|remote) .*");
        assertThat(node.askInHaste("a", "10.44.0.7", 80))
                .as("not in the ranges")
                .isEqualTo("lost");
        for (String from : new String[] {TestNode.OUTSIDE, "a", TestNode.NODE}) {
            assertThat(node.ask(from, "10.44.0.99", 80))
                    .as("nobody's, from " + from)
                    .isEqualTo("refused");
        }
        assertThat(node.ask("a", "10.44.0.8", 80))
                .as("ranges are the load balancer's")
                .matches("(b|remote) .*");
    }

    @Test
    void aClientStaysWithItsEndpointUntilTheTimeoutOrTheEndpointsEnd() throws Exception {
        String affinity = """
                , "sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": %d}}""";
        put(service("web", WEB, affinity.formatted(10800)));
        put(slice("web", pod("a"), pod("b"), pod("c"), remote()));
        Set<String> first = node.spread("a", WEB, 80, 20);
        assertThat(first).hasSize(1);
        Set<String> rest = new HashSet<>(Set.of("a", "b", "c", "remote"));
        rest.removeAll(first);
        put(slice(
                "web",
                rest.stream()
                        .map(name -> name.equals("remote") ? remote() : pod(name))
                        .toArray(io.jollyboat.network.Endpoint[]::new)));
        Set<String> second = node.spread("a", WEB, 80, 20);
        assertThat(second).hasSize(1).isNotEqualTo(first);
        put(slice("web", pod("a"), pod("b"), pod("c"), remote()));
        assertThat(node.spread("a", WEB, 80, 20))
                .as("more endpoints move nobody")
                .isEqualTo(second);

        put(service("web", WEB, affinity.formatted(1)));
        Set<String> met = new HashSet<>();
        for (int i = 0; i < 30 && met.size() < 2; i++) {
            met.add(node.ask("a", WEB, 80).split(" ")[0]);
            io.jollyboat.world.World.system().sleep(java.time.Duration.ofMillis(1100));
        }
        assertThat(met).as("after the time-out anybody may answer").hasSize(2);
    }

    @Test
    void connectionsGoOnThroughChangesAndARestart() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("b"), pod("c")));
        SocketChannel connection = node.connect("a", WEB, 80);
        String name = TestNode.talk(connection);
        put(slice("web", pod("b"), pod("c"), remote()));
        put(service("other", "10.43.0.21", ""));
        put(slice("web", name.startsWith("b") ? pod("c") : pod("b")));
        assertThat(TestNode.talk(connection))
                .as("its endpoint left the Service")
                .isEqualTo(name);
        stopProxy();
        table.put(slice("web", remote()));
        startProxy();
        assertThat(TestNode.talk(connection)).isEqualTo(name);
        assertThat(node.spread("a", WEB, 80, 10)).containsExactly("remote");
        table.service(new Change.Removed<>(new Key("test", "web"), service("web", WEB, "")));
        settle();
        assertThat(TestNode.talk(connection)).isEqualTo(name);
        assertThat(node.ask("a", WEB, 80)).isEqualTo("refused");
    }

    @Test
    void aUdpSocketThatKeepsItsPortFollowsTheEndpoints() throws Exception {
        DatagramChannel socket = node.datagrams("a");
        put(service("web", WEB, 30080, ""));
        assertThat(TestNode.askUdp(socket, WEB, 80)).isEqualTo("refused");
        put(slice("web", pod("b")));
        assertThat(TestNode.askUdp(socket, WEB, 80)).startsWith("b ");
        put(slice("web", pod("c")));
        assertThat(TestNode.askUdp(socket, WEB, 80)).startsWith("c ");
        assertThat(TestNode.askUdp(socket, WEB, 80)).startsWith("c ");
    }

    @Test
    void damageIsMended() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("b")));
        SocketChannel connection = node.connect("a", WEB, 80);
        assertThat(TestNode.talk(connection)).startsWith("b ");
        for (String damage : new String[] {
            "flush map ip jollyboat_services services",
            "flush chain ip jollyboat_services dispatch",
            "delete table ip jollyboat_services"
        }) {
            TestNode.nft(damage.split(" "));
            assertThat(node.askInHaste("a", WEB, 80)).as(damage).isIn("refused", "lost");
            proxy.repair();
            assertThat(node.ask("a", WEB, 80)).as(damage).startsWith("b ");
        }
        assertThat(TestNode.talk(connection)).startsWith("b ");
        assertThat(ruleset.changedByOthers()).isFalse();
    }

    /** A load is over some time after its rules are there, and who looks on cannot tell when. */
    @Test
    void damageAmidALoadIsMendedAtTheNextLook() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("b")));
        for (int round = 0; round < 5; round++) {
            TestNode.nft("delete", "table", "ip", Skeleton.TABLE);
            Thread load = Thread.ofPlatform().start(proxy::repair);
            while (load.isAlive() && !node.askInHaste("a", WEB, 80).startsWith("b ")) {
                Thread.onSpinWait();
            }
            TestNode.nft("flush", "chain", "ip", Skeleton.TABLE, "dispatch");
            load.join();
            proxy.repair();
            assertThat(node.ask("a", WEB, 80)).startsWith("b ");
        }
    }

    @Test
    void whatIsSoundIsNotTouched() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("b")));
        String before = TestNode.nft("-a", "list", "table", "ip", Skeleton.TABLE);
        stopProxy();
        startProxy();
        assertThat(ruleset.health()).isEqualTo(Ruleset.Health.SOUND);
        assertThat(TestNode.nft("-a", "list", "table", "ip", Skeleton.TABLE)).isEqualTo(before);
    }

    @Test
    void ipv6HasTheSameServices() throws Exception {
        node.serve("remote", TestNode.OUTSIDE, TestNode.REMOTE6, 8080);
        put(service("web", WEB6, 30080, ", \"type\": \"NodePort\""));
        assertThat(node.ask("a", WEB6, 80)).isEqualTo("refused");
        assertThat(node.ask(TestNode.NODE, WEB6, 80)).isEqualTo("refused");
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS6, 30080)).isEqualTo("refused");
        assertThat(node.ask("a", "fd00:10:43::99", 80)).as("no such Service").isEqualTo("refused");
        put(slice("web", pod("b"), pod6("b"), pod6("c"), remote6()));
        assertThat(node.spread("a", WEB6, 80, 40)).containsExactly("b", "c", "remote");
        assertThat(node.spread(TestNode.NODE, WEB6, 80, 40)).containsExactly("b", "c", "remote");
        assertThat(node.ask("a", WEB6, 80)).as("Pods keep their address").endsWith(" fd00:10:42:0:0:0:0:11");
        assertThat(node.spread(TestNode.OUTSIDE, TestNode.NODE_ADDRESS6, 30080, 40))
                .containsExactly("b", "c", "remote");
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30080))
                .as("the Service has one family")
                .isEqualTo("refused");
        put(slice("web", pod6("a")));
        assertThat(node.ask("a", WEB6, 80)).as("hairpin").startsWith("a ").doesNotEndWith(":11");
    }

    @Test
    void ipv6FollowsChangesOfPoliciesAndEndpoints() throws Exception {
        DatagramChannel socket = node.datagrams("a");
        put(service("web", WEB6, ""));
        assertThat(TestNode.askUdp(socket, WEB6, 80)).isEqualTo("refused");
        put(slice("web", pod6("b")));
        assertThat(TestNode.askUdp(socket, WEB6, 80)).startsWith("b ");
        put(slice("web", pod6("c")));
        assertThat(TestNode.askUdp(socket, WEB6, 80)).startsWith("c ");
        SocketChannel connection = node.connect("a", WEB6, 80);
        assertThat(TestNode.talk(connection)).startsWith("c ");
        put(service("web", WEB6, 30080, ", \"type\": \"NodePort\", \"externalTrafficPolicy\": \"Local\""));
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS6, 30080)).isEqualTo("c fd00:10:41:0:0:0:0:1");
        put(service("web", WEB6, ", \"sessionAffinity\": \"ClientIP\""));
        put(slice("web", pod6("a"), pod6("b"), pod6("c")));
        Set<String> first = node.spread("a", WEB6, 80, 15);
        assertThat(first).hasSize(1);
        put(slice(
                "web",
                Set.of("a", "b", "c").stream()
                        .filter(name -> !first.contains(name))
                        .map(Samples::pod6)
                        .toArray(io.jollyboat.network.Endpoint[]::new)));
        assertThat(node.spread("a", WEB6, 80, 10)).hasSize(1).isNotEqualTo(first);
        TestNode.nft("delete", "table", "ip6", Skeleton.TABLE);
        proxy.repair();
        assertThat(node.ask("a", WEB6, 80)).matches("[abc] .*");
        assertThat(TestNode.talk(connection)).startsWith("c ");
    }

    @Test
    void aServiceOfBothFamiliesAnswersInBoth() throws Exception {
        put(service(
                "web", WEB, 30080, ", \"clusterIPs\": [\"10.43.0.20\", \"fd00:10:43::20\"], \"type\": \"NodePort\""));
        put(slice("web", pod("b"), pod6("c")));
        assertThat(node.spread("a", WEB, 80, 10)).containsExactly("b");
        assertThat(node.spread("a", WEB6, 80, 10)).containsExactly("c");
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS, 30080)).startsWith("b ");
        assertThat(node.ask(TestNode.OUTSIDE, TestNode.NODE_ADDRESS6, 30080)).startsWith("c ");
        put(slice("web", pod("b")));
        assertThat(node.ask("a", WEB6, 80)).isEqualTo("refused");
        assertThat(node.ask("a", WEB, 80)).startsWith("b ");
    }

    @Test
    void flappingEndpointsFailNobody() throws Exception {
        put(service("web", WEB, ""));
        put(slice("web", pod("b"), pod("c")));
        AtomicBoolean over = new AtomicBoolean();
        Set<String> answers = ConcurrentHashMap.newKeySet();
        AtomicInteger count = new AtomicInteger();
        Thread client = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                try {
                    answers.add(node.ask("a", WEB, 80).split(" ")[0]);
                } catch (IOException e) {
                    answers.add(e.toString());
                }
                count.incrementAndGet();
            }
        });
        for (int i = 0; i < 20_000 && count.get() < 300; i++) {
            put(i % 2 == 0 ? slice("web", pod("b")) : slice("web", pod("b"), pod("c"), pod("a")));
        }
        over.set(true);
        client.join();
        assertThat(answers).contains("b", "c", "a").isSubsetOf("a", "b", "c");
    }

    @Test
    void manyEndpointsShareSlots() throws IOException, InterruptedException {
        put(service("web", WEB, ""));
        io.jollyboat.network.Endpoint[] many = new io.jollyboat.network.Endpoint[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = io.jollyboat.network.Endpoint.ready(
                            TestNode.PODS.get("b"),
                            new io.jollyboat.network.EndpointPort("tcp", io.jollyboat.network.Protocol.TCP, 8080 + i))
                    .on("n1");
            many[i] = new io.jollyboat.network.Endpoint(
                    many[i].address(), "h" + i, many[i].ports(), true, true, false, "n1", "", Set.of(), Set.of());
            if (i > 0) {
                node.serve("b" + i, "b", TestNode.PODS.get("b"), 8080 + i);
            }
        }
        put(slice("web", many));
        assertThat(node.spread("a", WEB, 80, 100)).hasSizeGreaterThan(25).doesNotContain("refused", "lost");
    }
}
