package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.DEPLOYMENT;
import static io.jollyboat.controllers.SmallCluster.POD;
import static io.jollyboat.controllers.SmallCluster.REPLICA_SET;
import static io.jollyboat.controllers.SmallCluster.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.client.Loop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Mirrors learn and loops work in any order, the controllers are killed and started anew at any step, Pods die,
 * Deployments change, writes are refused: no set ever has more Pods than it was asked for, and in the end there are exactly those wanted.
 */
class ChaosTest {
    private final Map<String, Integer> mostWanted = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void noPodIsDoubledOrLost(long seed) {
        Random random = new Random(seed);
        SmallCluster cluster = new SmallCluster(seed);
        cluster.create(DEPLOYMENT, "default", deployment("web", 4, "i:0", ""));
        int replicas = 4;
        int image = 0;
        for (int step = 0; step < 1500; step++) {
            cluster.step(random);
            switch (random.nextInt(200)) {
                case 0, 1 -> cluster.restart();
                case 2, 3, 4 -> killPod(cluster, random);
                case 5 -> {
                    replicas = random.nextInt(8);
                    cluster.patch(DEPLOYMENT, "web", "{spec:{replicas:" + replicas + "}}");
                }
                case 6 -> {
                    image = random.nextInt(3);
                    cluster.patch(
                            DEPLOYMENT,
                            "web",
                            "{spec:{template:{spec:{containers:[{name:'c',image:'i:" + image + "'}]}}}}");
                }
                case 7, 8 -> cluster.theirs.refused = resource -> random.nextInt(4) == 0;
                case 9, 10, 11 -> cluster.theirs.refused = resource -> false;
                default -> {}
            }
            if (step % 5 == 0) {
                noSetHasTooMany(cluster, seed, step);
            }
        }
        cluster.theirs.refused = resource -> false;
        cluster.world.advance(Loop.LONGEST_DELAY);
        cluster.settle();
        cluster.pass(Loop.LONGEST_DELAY, () -> cluster.renew("n1"));
        String now = "i:" + image;
        assertThat(cluster.pods())
                .as("seed %d", seed)
                .hasSize(replicas)
                .allMatch(pod -> pod.at("/spec/containers/0/image").asString("").equals(now));
        assertThat(cluster.list(POD)).hasSize(replicas);
        assertThat(cluster.get(DEPLOYMENT, "web")
                        .at("/status/availableReplicas")
                        .asInt(0))
                .isEqualTo(replicas);
        Set<String> names = new HashSet<>();
        cluster.list(REPLICA_SET)
                .forEach(
                        set -> names.add(Meta.label(set, PodTemplate.HASH_LABEL).orElse("")));
        assertThat(names).as("one set for each template").hasSameSizeAs(cluster.list(REPLICA_SET));
    }

    private void noSetHasTooMany(SmallCluster cluster, long seed, int step) {
        List<ObjectNode> pods = cluster.pods();
        for (ObjectNode set : cluster.list(REPLICA_SET)) {
            int wanted =
                    mostWanted.merge(Meta.uid(set), set.at("/spec/replicas").asInt(), Math::max);
            long there = pods.stream()
                    .filter(pod -> Meta.controller(pod)
                            .filter(owner -> owner.uid().equals(Meta.uid(set)))
                            .isPresent())
                    .count();
            assertThat(there)
                    .as("seed %d, step %d: %s", seed, step, Meta.name(set))
                    .isLessThanOrEqualTo(wanted);
        }
    }

    private static void killPod(SmallCluster cluster, Random random) {
        List<ObjectNode> pods = cluster.pods();
        if (!pods.isEmpty()) {
            String name = Meta.name(pods.get(random.nextInt(pods.size())));
            cluster.delete(POD, name, random.nextBoolean() ? DeleteOptions.now() : DeleteOptions.DEFAULT);
        }
    }
}
