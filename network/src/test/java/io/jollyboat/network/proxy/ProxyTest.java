package io.jollyboat.network.proxy;

import static io.jollyboat.network.proxy.Samples.pod;
import static io.jollyboat.network.proxy.Samples.service;
import static io.jollyboat.network.proxy.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Ip;
import io.jollyboat.client.Change;
import io.jollyboat.client.Key;
import io.jollyboat.linux.LinuxException;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Protocol;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The proxy over a kernel in memory: what it takes over, changes, mends and survives. */
class ProxyTest {
    private static final Vip WEB = new Vip(Ip.parse("10.43.0.20"), Protocol.UDP, 80);

    private final LiveTable table = new LiveTable();
    private final FakeRuleset ruleset = new FakeRuleset();
    private final World world = World.system();

    private Proxy start() throws InterruptedException {
        Proxy proxy = new Proxy(
                world,
                table,
                java.util.Optional.empty(),
                TestNode.SETTINGS,
                ruleset,
                new HealthChecks(world, TestNode.SETTINGS, io.jollyboat.linux.NetworkNamespace.own()));
        settle(proxy);
        return proxy;
    }

    private static void settle(Proxy proxy) throws InterruptedException {
        for (int i = 0; i < 100 && proxy.poll(); i++) {
            assertThat(i).isLessThan(99);
        }
    }

    private List<Element> wanted() {
        return Plan.of(TestNode.SETTINGS, Plan.Rows.of(table.current())).elements();
    }

    @Test
    void aSoundTableIsTakenOverWithTheDifferenceOnly() throws Exception {
        table.put(service("web", "10.43.0.20", ""));
        table.put(slice("web", pod("a"), pod("b")));
        start().close();
        assertThat(ruleset.loads).isEqualTo(1);
        int before = ruleset.transactions;
        start().close();
        assertThat(ruleset.transactions).as("nothing differs").isEqualTo(before);
        table.put(slice("web", pod("b")));
        Proxy proxy = start();
        assertThat(ruleset.loads).isEqualTo(1);
        assertThat(ruleset.transactions).isEqualTo(before + 1);
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
        assertThat(ruleset.forgotten.getLast().gone())
                .as("connections to an endpoint that left meanwhile go too")
                .contains(new Delta.Gone(WEB, new Backend(Ip.parse("10.42.0.11"), 8080), 0));
        assertThat(proxy.isCurrent()).isTrue();
    }

    @Test
    void oneChangeIsOneTransactionOfWhatItConcerns() throws Exception {
        for (int i = 0; i < 200; i++) {
            table.put(service("web" + i, "10.43.1." + i, ""));
            table.put(slice("web" + i, pod("a"), pod("b")));
        }
        Proxy proxy = start();
        int before = ruleset.transactions;
        table.put(slice("web7", pod("a"), pod("c")));
        assertThat(proxy.isCurrent()).isFalse();
        settle(proxy);
        assertThat(ruleset.transactions).isEqualTo(before + 1);
        Delta delta = ruleset.forgotten.getLast();
        assertThat(delta.size()).isEqualTo(4);
        assertThat(delta.gone())
                .hasSize(2)
                .allSatisfy(gone -> assertThat(gone.backend()).isEqualTo(new Backend(Ip.parse("10.42.0.12"), 8080)));
    }

    @Test
    void whoAsksWaitsUntilTheKernelShowsWhatTheTableTold() throws Exception {
        table.put(service("web", "10.43.0.20", ""));
        Proxy proxy = start();
        assertThat(proxy.awaitShown(Duration.ZERO)).isTrue();
        table.put(slice("web", pod("a")));
        assertThat(proxy.awaitShown(Duration.ofMillis(1))).isFalse();
        ruleset.failures = 1;
        assertThat(proxy.poll()).isTrue();
        assertThat(proxy.awaitShown(Duration.ofMillis(1)))
                .as("the kernel refused it")
                .isFalse();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> shown(proxy));
        table.put(slice("web", pod("a"), pod("b")));
        settle(proxy);
        assertThat(waiting.join()).isTrue();
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
    }

    private static boolean shown(Proxy proxy) {
        try {
            return proxy.awaitShown(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aKernelThatRefusesIsComparedAnew() throws Exception {
        Proxy proxy = start();
        ruleset.failures = 1;
        table.put(service("web", "10.43.0.20", ""));
        settle(proxy);
        assertThat(ruleset.failures).isZero();
        table.put(slice("web", pod("a"))); // brings it back before the delay is over
        settle(proxy);
        assertThat(proxy.isCurrent()).isTrue();
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
    }

    @Test
    void damageIsMendedAndForeignRulesAreNot() throws Exception {
        table.put(service("web", "10.43.0.20", ""));
        table.put(slice("web", pod("a")));
        Proxy proxy = start();
        ruleset.elements.clear();
        proxy.repair();
        assertThat(ruleset.read())
                .as("nobody changed anything, so nobody looks")
                .isEmpty();
        ruleset.foreign = true;
        proxy.repair();
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
        assertThat(ruleset.loads).isEqualTo(1);
        ruleset.foreign = true;
        ruleset.health = Ruleset.Health.DAMAGED;
        proxy.repair();
        assertThat(ruleset.loads).isEqualTo(2);
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
    }

    /** Rules that are deleted while they are loaded make the load fail. */
    @Test
    void aRepairThatFailedIsMadeGoodAtTheNextLook() throws Exception {
        table.put(service("web", "10.43.0.20", ""));
        table.put(slice("web", pod("a")));
        Proxy proxy = start();
        ruleset.foreign = true;
        ruleset.health = Ruleset.Health.DAMAGED;
        ruleset.failures = 1;
        assertThatThrownBy(proxy::repair).isInstanceOf(LinuxException.class);
        ruleset.elements.clear();
        proxy.repair();
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
    }

    @Test
    void anAddressThatTwoWantGoesToTheSecondWhenTheFirstLetsGo() throws Exception {
        String external = ", \"externalIPs\": [\"10.44.0.8\"]";
        table.put(service("first", "10.43.0.21", external));
        table.put(service("second", "10.43.0.22", external));
        table.put(slice("first", pod("a")));
        table.put(slice("second", pod("b")));
        Proxy proxy = start();
        Element first = Element.endpoint(
                MapName.ENDPOINTS,
                new Vip(Ip.parse("10.44.0.8"), Protocol.TCP, 80),
                0,
                new Backend(Ip.parse("10.42.0.11"), 8080));
        Element second = Element.endpoint(
                MapName.ENDPOINTS,
                new Vip(Ip.parse("10.44.0.8"), Protocol.TCP, 80),
                0,
                new Backend(Ip.parse("10.42.0.12"), 8080));
        assertThat(ruleset.read()).contains(first).doesNotContain(second);
        table.service(new Change.Removed<>(new Key("test", "first"), service("first", "10.43.0.21", external)));
        settle(proxy);
        assertThat(ruleset.read()).contains(second).doesNotContain(first);
        table.put(service("first", "10.43.0.21", external));
        settle(proxy);
        assertThat(ruleset.read()).contains(first).doesNotContain(second);
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
    }

    @Test
    void whatWasRefusedIsFreshWhenSomebodyServes() throws Exception {
        Proxy proxy = start();
        table.put(service("web", "10.43.0.20", ""));
        settle(proxy);
        table.put(slice("web", pod("a")));
        settle(proxy);
        assertThat(ruleset.forgotten.getLast().fresh()).contains(WEB);
        table.put(slice("web", pod("a"), pod("b")));
        settle(proxy);
        assertThat(ruleset.forgotten.getLast().fresh()).isEmpty();
    }

    @Test
    void hintsAreHonouredForTheZoneThatTheNodeIsInNow() throws Exception {
        table.put(service("web", "10.43.0.20", ""));
        table.put(slice("web", near("a", "z1"), near("b", "z2")));
        Proxy proxy = start();
        assertThat(ruleset.read()).containsExactlyInAnyOrderElementsOf(wanted());
        int both = ruleset.read().size();
        proxy.moveTo("z2");
        settle(proxy);
        assertThat(ruleset.read()).hasSizeLessThan(both);
        assertThat(ruleset.read().stream()
                        .filter(Element::isEndpoint)
                        .map(element -> element.backend().address().toString()))
                .containsOnly(TestNode.PODS.get("b"));
        proxy.moveTo("");
        settle(proxy);
        assertThat(ruleset.read()).hasSize(both);
        assertThat(ruleset.loads).isEqualTo(1);
    }

    private static Endpoint near(String pod, String zone) {
        Endpoint endpoint = pod(pod);
        return new Endpoint(
                endpoint.address(), "", endpoint.ports(), true, true, false, "n1", zone, Set.of(zone), Set.of());
    }

    /** The seed is in the failure's text. */
    @Test
    void anyChangesInAnyOrderComeToTheSame() throws Exception {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Proxy proxy = start();
            for (int step = 0; step < 60; step++) {
                change(random);
                if (random.nextInt(3) == 0) {
                    settle(proxy);
                    assertThat(ruleset.read())
                            .as("seed %d, step %d", seed, step)
                            .containsExactlyInAnyOrderElementsOf(wanted());
                }
            }
            proxy.close();
        }
    }

    private void change(Random random) {
        int number = random.nextInt(6);
        String name = "web" + number;
        if (random.nextInt(4) == 0) {
            table.service(new Change.Removed<>(new Key("test", name), service(name, "", "")));
        } else if (random.nextBoolean()) {
            String policy = random.nextBoolean() ? "Local" : "Cluster";
            String more = ", \"externalIPs\": [\"10.44.0.%d\"], \"externalTrafficPolicy\": \"%s\""
                    .formatted(random.nextInt(3), policy);
            table.put(service(name, "10.43.0." + number, random.nextInt(2) * (30000 + number), more));
        } else {
            List<Endpoint> endpoints = new ArrayList<>();
            int count = random.nextInt(20) == 0 ? 40 : random.nextInt(5);
            for (int i = 0; i < count; i++) {
                Endpoint endpoint = Endpoint.ready("10.42.0." + random.nextInt(50), Samples.TCP, Samples.UDP);
                endpoints.add(random.nextInt(4) == 0 ? endpoint.ending(random.nextBoolean()) : endpoint.on("n1"));
            }
            table.put(new EndpointSlice(new Key("test", name + "-x"), new Key("test", name), endpoints));
        }
    }

    @Test
    void settingsAreChecked() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new ProxySettings(
                        "n",
                        "",
                        List.of("10.41.0.2"),
                        List.of("10.42.0.0/16"),
                        List.of("10.42.0.0/16"),
                        List.of("10.43.0.0/16"),
                        List.of("10.43.0.10")))
                .hasMessageContaining("4096");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new ProxySettings(
                        "n",
                        "",
                        List.of("10.41.0.2", "fd00:10:41::2"),
                        List.of("10.42.0.0/24"),
                        List.of("10.42.0.0/16"),
                        List.of("10.43.0.0/16"),
                        List.of("10.43.0.10")))
                .hasMessageContaining("fd00:10:41::2");
        assertThat(Affinity.seconds(Affinity.classOf(Duration.ofSeconds(10800))))
                .isEqualTo(10800);
        assertThat(Affinity.seconds(Affinity.classOf(Duration.ofSeconds(11)))).isEqualTo(15);
        Subnet subnet = Subnet.parse("fd00:10:42:0:1::/72");
        assertThat(subnet.first()).hasToString("fd00:10:42::");
        assertThat(subnet.last()).hasToString("fd00:10:42:0:ff:ffff:ffff:ffff");
        assertThat(subnet.contains(Subnet.parse("fd00:10:42:0:2::/80"))).isTrue();
        assertThat(Subnet.parse("0.0.0.0/0").last()).hasToString("255.255.255.255");
        assertThat(Subnet.parse("::/0").contains(subnet)).isTrue();
    }
}
