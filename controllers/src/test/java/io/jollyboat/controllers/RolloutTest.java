package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RolloutTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TestFactory
    Stream<DynamicTest> steps() {
        return Tables.rows("rollout.txt").stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> step(row)));
    }

    private static void step(List<String> row) {
        String[] numbers = row.getFirst().split(" +");
        String deployment = deployment(numbers[0], numbers[1], numbers[2]);
        List<ReplicaSet> sets = new ArrayList<>();
        int age = 0;
        for (String old : sizes(row.get(2))) {
            sets.add(set("old" + age, old, "i:old", age++, numbers));
        }
        if (!row.get(1).equals("-")) {
            sets.add(set("new", row.get(1), "i:new", age, numbers));
        }
        Rollout.Plan plan = Rollout.decide(Deployment.of(SmallCluster.json(deployment)), sets, !sets.isEmpty(), NOW);
        String present = plan.created()
                .map(created -> "create " + created.replicas())
                .orElseGet(() -> wanted(plan, sets, "new"));
        String old = sets.stream()
                .map(ReplicaSet::name)
                .filter(name -> name.startsWith("old"))
                .map(name -> wanted(plan, sets, name))
                .collect(Collectors.joining(" "));
        assertThat(present).isEqualTo(row.get(3));
        assertThat(old).isEqualTo(row.get(4).replace("-", ""));
    }

    @Test
    void aSizeThatChangesAmidARolloutIsSharedInProportion() {
        String[] before = {"10", "5", "0"};
        List<ReplicaSet> sets =
                List.of(set("old0", "10/10", "i:old", 0, before), set("new", "5/5", "i:new", 1, before));
        Rollout.Plan plan =
                Rollout.decide(Deployment.of(SmallCluster.json(deployment("20", "5", "0"))), sets, true, NOW);
        assertThat(wanted(plan, sets, "old0")).isEqualTo("17");
        assertThat(wanted(plan, sets, "new")).isEqualTo("8");
        Rollout.Plan fewer =
                Rollout.decide(Deployment.of(SmallCluster.json(deployment("4", "5", "0"))), sets, true, NOW);
        assertThat(Integer.parseInt(wanted(fewer, sets, "old0")) + Integer.parseInt(wanted(fewer, sets, "new")))
                .isEqualTo(9);
    }

    @Test
    void whatIsCompleteIsLeftAlone() {
        String[] numbers = {"3", "25%", "25%"};
        List<ReplicaSet> sets = List.of(set("new", "3/3", "i:new", 0, numbers));
        Rollout.Plan plan = Rollout.decide(
                Deployment.of(SmallCluster.json(deployment(numbers[0], numbers[1], numbers[2]))), sets, false, NOW);
        assertThat(plan.created()).isEmpty();
        assertThat(plan.changed()).isEmpty();
        assertThat(plan.deleted()).isEmpty();
        assertThat(plan.again()).isEmpty();
    }

    private static List<String> sizes(String column) {
        return column.equals("-") ? List.of() : List.of(column.split(" +"));
    }

    private static String wanted(Rollout.Plan plan, List<ReplicaSet> before, String name) {
        return Stream.concat(plan.changed().stream(), before.stream())
                .filter(set -> set.name().equals(name))
                .findFirst()
                .map(set -> String.valueOf(set.replicas()))
                .orElse("none");
    }

    private static String deployment(String replicas, String surge, String unavailable) {
        return """
                {metadata:{name:'d',namespace:'n',uid:'d',generation:2,
                  annotations:{'deployment.kubernetes.io/revision':'2'}},
                 spec:{replicas:%s,selector:{matchLabels:{app:'a'}},progressDeadlineSeconds:600,
                  strategy:{type:'RollingUpdate',rollingUpdate:{maxSurge:'%s',maxUnavailable:'%s'}},%s},
                 status:{observedGeneration:2,replicas:%s,updatedReplicas:%s,availableReplicas:%s,
                  conditions:[{type:'Progressing',status:'True',reason:'NewReplicaSetAvailable'}]}}
                """.formatted(replicas, surge, unavailable, template("i:new"), replicas, replicas, replicas);
    }

    private static String template(String image) {
        return "template:{metadata:{labels:{app:'a'}},spec:{containers:[{name:'c',image:'" + image + "'}]}}";
    }

    private static ReplicaSet set(String name, String size, String image, int age, String[] numbers) {
        String[] parts = size.split("/");
        Deployment deployment = Deployment.of(SmallCluster.json(deployment(numbers[0], numbers[1], numbers[2])));
        ReplicaSet set = ReplicaSet.of(SmallCluster.json("""
                {metadata:{name:'%s',namespace:'n',uid:'%s',creationTimestamp:'2025-01-01T00:00:0%dZ',
                  annotations:{'deployment.kubernetes.io/revision':'%s'}},
                 spec:{replicas:%s,selector:{matchLabels:{app:'a'}},%s},
                 status:{replicas:%s,availableReplicas:%s,readyReplicas:%s}}
                """.formatted(
                        name,
                        name,
                        age,
                        name.equals("new") ? "2" : "1",
                        parts[0],
                        template(image),
                        parts[0],
                        parts[1],
                        parts[1])));
        return Rollout.sized(deployment, set, set.replicas());
    }
}
