package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ClusterRoleAggregationTest {
    private static final Resource ROLE = Resources.kind("rbac.authorization.k8s.io/v1", "ClusterRole");

    private final SmallCluster cluster = new SmallCluster(1);

    /** A role that lets its holders get some resources, each by a rule of its own. */
    private void part(String name, String label, String... resources) {
        String rules = java.util.Arrays.stream(resources)
                .map(resource -> "{apiGroups:[''],resources:['" + resource + "'],verbs:['get']}")
                .collect(Collectors.joining(","));
        cluster.create(ROLE, "", "{metadata:{name:'" + name + "',labels:{" + label + ":'yes'}},rules:[" + rules + "]}");
    }

    private void sum(String name, String label, String gathered) {
        cluster.create(
                ROLE,
                "",
                "{metadata:{name:'" + name + "',labels:{" + label + ":'yes'}},aggregationRule:{clusterRoleSelectors:"
                        + "[{matchLabels:{" + gathered + ":'yes'}}]}}");
    }

    /** The resources of the rules that the role has now, in their order. */
    private String rules(String name) {
        cluster.settle();
        return cluster.get(ROLE, name)
                .path("rules")
                .valueStream()
                .map(rule -> rule.path("resources").path(0).stringValue(""))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aRoleShowsTheRulesOfAllThatItGathersByNameAndEachOnce() {
        sum("sum", "other", "part");
        part("b", "part", "pods", "secrets");
        part("a", "part", "nodes", "pods");
        part("c", "unrelated", "events");
        assertThat(rules("sum")).isEqualTo("nodes pods secrets");
        assertThat(cluster.get(ROLE, "sum").at("/metadata/managedFields").toString())
                .contains("\"manager\":\"clusterrole-aggregation-controller\",\"operation\":\"Apply\"");
    }

    @Test
    void itFollowsPartsThatComeChangeAndGo() {
        sum("sum", "other", "part");
        part("a", "part", "nodes");
        assertThat(rules("sum")).isEqualTo("nodes");
        part("b", "part", "pods");
        assertThat(rules("sum")).isEqualTo("nodes pods");
        cluster.patch(ROLE, "a", "{rules:[{apiGroups:[''],resources:['events'],verbs:['get']}]}");
        assertThat(rules("sum")).isEqualTo("events pods");
        cluster.patch(ROLE, "a", "{metadata:{labels:{part:null}}}");
        assertThat(rules("sum")).isEqualTo("pods");
        cluster.delete(ROLE, "b", DeleteOptions.now());
        assertThat(rules("sum")).isEmpty();
    }

    @Test
    void rulesThatAreGatheredAreGatheredOn() {
        sum("outer", "other", "middle");
        sum("inner", "middle", "part");
        part("a", "part", "nodes");
        assertThat(rules("outer")).isEqualTo("nodes");
        cluster.delete(ROLE, "a", DeleteOptions.now());
        assertThat(rules("outer")).isEmpty();
    }

    @Test
    void whatSomebodyWritesOverItIsPutRight() {
        sum("sum", "other", "part");
        part("a", "part", "nodes");
        assertThat(rules("sum")).isEqualTo("nodes");
        cluster.patch(ROLE, "sum", "{rules:[{apiGroups:[''],resources:['secrets'],verbs:['*']}]}");
        assertThat(rules("sum")).isEqualTo("nodes");
    }

    @Test
    void rolesThatGatherEachOtherComeToRest() {
        sum("left", "right", "left");
        sum("right", "left", "right");
        part("a", "left", "nodes", "pods");
        part("b", "right", "pods", "secrets");
        assertThat(rules("left").split(" ")).containsExactlyInAnyOrder("nodes", "pods", "secrets");
        assertThat(rules("right").split(" ")).containsExactlyInAnyOrder("nodes", "pods", "secrets");
    }

    @Test
    void nothingIsWrittenWhereNothingChanges() {
        sum("sum", "other", "part");
        part("a", "part", "nodes");
        cluster.settle();
        ObjectNode before = cluster.get(ROLE, "sum");
        cluster.restart();
        cluster.settle();
        assertThat(cluster.get(ROLE, "sum")).isEqualTo(before);
    }
}
