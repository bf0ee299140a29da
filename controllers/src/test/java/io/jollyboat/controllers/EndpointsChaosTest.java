package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.DEPLOYMENT;
import static io.jollyboat.controllers.SmallCluster.ENDPOINTS;
import static io.jollyboat.controllers.SmallCluster.POD;
import static io.jollyboat.controllers.SmallCluster.SERVICE;
import static io.jollyboat.controllers.SmallCluster.SLICE;
import static io.jollyboat.controllers.SmallCluster.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.client.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Mirrors learn and loops work in any order, controllers are killed and started anew at any step, Pods die, Services change
 * their ports and selectors, writes are refused, hand-written Endpoints change: no slice ever names a Pod twice, and in the end
 * each Pod stands once where it belongs.
 */
class EndpointsChaosTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noEndpointIsDoubledOrMissing(long seed) {
        Random random = new Random(seed);
        SmallCluster cluster = new SmallCluster(seed);
        cluster.create(DEPLOYMENT, "default", deployment("web", 4, "i", ""));
        cluster.create(
                SERVICE,
                "default",
                "{metadata:{name:'web'},spec:{selector:{app:'web'},ports:[{port:80,targetPort:8080}]}}");
        cluster.create(SERVICE, "default", "{metadata:{name:'hand'},spec:{ports:[{port:80}]}}");
        cluster.create(
                ENDPOINTS,
                "default",
                "{metadata:{name:'hand'},subsets:[{addresses:[{ip:'192.168.1.1'}],ports:[{port:80}]}]}");
        int last = 1;
        for (int step = 0; step < 1200; step++) {
            cluster.step(random);
            switch (random.nextInt(160)) {
                case 0, 1 -> cluster.restart();
                case 2, 3, 4, 5 -> kill(cluster, random);
                case 6 -> cluster.patch(DEPLOYMENT, "web", "{spec:{replicas:" + random.nextInt(7) + "}}");
                case 7 -> port(cluster, 8080 + random.nextInt(2));
                case 8 -> cluster.patch(SERVICE, "web", "{spec:{selector:null}}");
                case 9, 10 -> cluster.patch(SERVICE, "web", "{spec:{selector:{app:'web'}}}");
                case 11, 12 -> {
                    last = 1 + random.nextInt(5);
                    cluster.patch(
                            ENDPOINTS,
                            "hand",
                            "{subsets:[{addresses:[{ip:'192.168.1." + last + "'}],ports:[{port:80}]}]}");
                }
                case 13 -> cluster.theirs.refused = resource -> random.nextInt(4) == 0;
                case 14, 15 -> cluster.theirs.refused = resource -> false;
                default -> {}
            }
            for (ObjectNode slice : cluster.list(SLICE)) {
                assertThat(addresses(List.of(slice)))
                        .as("seed %d, step %d", seed, step)
                        .doesNotHaveDuplicates();
            }
        }
        cluster.theirs.refused = resource -> false;
        cluster.patch(SERVICE, "web", "{spec:{selector:{app:'web'}}}");
        cluster.world.advance(Loop.LONGEST_DELAY);
        cluster.settle();
        cluster.pass(Loop.LONGEST_DELAY, () -> cluster.renew("n1"));
        List<String> wanted = cluster.pods().stream()
                .map(pod -> pod.at("/status/podIP").asString())
                .toList();
        assertThat(addresses(slices(cluster, "web"))).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(slices(cluster, "web")).isNotEmpty();
        assertThat(addresses(slices(cluster, "hand"))).containsExactly("192.168.1." + last);
        List<String> listed = new ArrayList<>();
        cluster.get(ENDPOINTS, "web")
                .path("subsets")
                .forEach(subset -> subset.path("addresses")
                        .forEach(address -> listed.add(address.path("ip").asString())));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(wanted);
    }

    private static void port(SmallCluster cluster, int target) {
        cluster.patch(SERVICE, "web", "{spec:{ports:[{port:80,protocol:'TCP',targetPort:" + target + "}]}}");
    }

    private static void kill(SmallCluster cluster, Random random) {
        List<ObjectNode> pods = cluster.pods();
        if (!pods.isEmpty()) {
            ObjectNode pod = pods.get(random.nextInt(pods.size()));
            cluster.delete(POD, Meta.name(pod), random.nextBoolean() ? DeleteOptions.now() : DeleteOptions.DEFAULT);
        }
    }

    private static List<ObjectNode> slices(SmallCluster cluster, String service) {
        return cluster.list(SLICE).stream()
                .filter(slice -> Meta.label(slice, EndpointSlice.SERVICE_NAME)
                        .filter(service::equals)
                        .isPresent())
                .toList();
    }

    private static List<String> addresses(List<ObjectNode> slices) {
        List<String> found = new ArrayList<>();
        slices.forEach(slice -> slice.path("endpoints")
                .forEach(endpoint -> found.add(endpoint.at("/addresses/0").asString())));
        return found;
    }
}
