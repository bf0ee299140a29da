package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ReplicasTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TestFactory
    Stream<DynamicTest> whoGoesFirst() {
        return Tables.rows("deletion-order.txt").stream()
                .map(row -> DynamicTest.dynamicTest(row.getFirst(), () -> {
                    // "a" sorts before "z": the order must not come from the uid
                    Pod first = pod("z", row.get(1));
                    Pod second = pod("a", row.get(2));
                    Pod crowd = pod("crowd", "n1 Running ready 100 100");
                    List<Pod> pods = new ArrayList<>(List.of(second, first));
                    pods.sort(Replicas.deletionOrder(List.of(first, second, crowd), NOW));
                    assertThat(pods).first().isEqualTo(first);
                }));
    }

    @Test
    void neverMoreThanABurstAtATime() {
        ReplicaSet set = ReplicaSet.of(SmallCluster.json("{metadata:{name:'a',uid:'a'},spec:{replicas:2000}}"));
        assertThat(Replicas.difference(set, List.of(), List.of(), NOW).create()).isEqualTo(Replicas.BURST);
        List<Pod> many = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            many.add(pod("p" + i, "n1 Running ready 10 10"));
        }
        Replicas.Difference fewer = Replicas.difference(set.withReplicas(3), many, many, NOW);
        assertThat(fewer.create()).isZero();
        assertThat(fewer.delete()).hasSize(Replicas.BURST).doesNotHaveDuplicates();
    }

    private static Pod pod(String uid, String words) {
        String[] word = words.split(" ");
        String node = word[0].equals("-") ? "" : "nodeName:'" + word[0] + "',";
        String cost = "0";
        String restarts = "0";
        for (String part : word) {
            cost = part.startsWith("cost=") ? part.substring(5) : cost;
            restarts = part.startsWith("restarts=") ? part.substring(9) : restarts;
        }
        return Pod.of(SmallCluster.json("""
                {metadata:{name:'%s',uid:'%s',creationTimestamp:'%s',
                  annotations:{'controller.kubernetes.io/pod-deletion-cost':'%s'}},
                 spec:{%scontainers:[]},
                 status:{phase:'%s',containerStatuses:[{restartCount:%s}],
                  conditions:[{type:'Ready',status:'%s',lastTransitionTime:'%s'}]}}
                """.formatted(
                        uid,
                        uid,
                        NOW.minusSeconds(Long.parseLong(word[4])),
                        cost,
                        node,
                        word[1],
                        restarts,
                        word[2].equals("ready") ? "True" : "False",
                        NOW.minusSeconds(Long.parseLong(word[3])))));
    }
}
