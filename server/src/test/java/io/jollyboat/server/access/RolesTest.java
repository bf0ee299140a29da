package io.jollyboat.server.access;

import static io.jollyboat.server.access.AccessFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.testing.Cases;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** The roles that every cluster has, and what becomes of them when somebody has changed them. */
class RolesTest {
    private static final Resource ROLES = Resources.kind("rbac.authorization.k8s.io/v1", "ClusterRole");
    private static final Resource BINDINGS = Resources.kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding");

    static List<Cases.Case> cases() {
        return Cases.read(RolesTest.class, "reconciliation.cases");
    }

    /** Each case has what is there, what is wanted, and what comes of it: the object, or a word. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatIsMissingComesBackAndWhatWasAddedStays(Cases.Case each) {
        ObjectNode present = yaml(each.part(0));
        ObjectNode wanted = yaml(each.part(1));
        String told = Reconciliation.leaves(present)
                ? "left alone"
                : Reconciliation.leadsElsewhere(present, wanted)
                        ? "made anew"
                        : Reconciliation.mended(present, wanted)
                                .map(ObjectNode::toString)
                                .orElse("stays");
        boolean word = !each.part(2).contains(":");
        assertThat(told).isEqualTo(word ? each.part(2) : yaml(each.part(2)).toString());
    }

    @Test
    void aTableSaysWhoMayDoWhat() {
        String table = """
                # comment
                role r
                  gathers view
                  joins edit
                  to nobody
                role ns/s
                  read,create  core,apps  pods,pods/log  one,two
                  get          /healthz,/livez
                  to User ann
                  to Group g
                  to ServiceAccount a/b
                  as other
                controller c
                  emit         *          *
                """;
        String meta = "labels: {kubernetes.io/bootstrapping: rbac-defaults},"
                + " annotations: {rbac.authorization.kubernetes.io/autoupdate: 'true'}";
        String group = "apiGroup: rbac.authorization.k8s.io";
        List<String> expected = List.of(
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r, labels:"
                        + " {kubernetes.io/bootstrapping: rbac-defaults,"
                        + " rbac.authorization.k8s.io/aggregate-to-edit: 'true'},"
                        + " annotations: {rbac.authorization.kubernetes.io/autoupdate: 'true'}}, aggregationRule:"
                        + " {clusterRoleSelectors: [{matchLabels:"
                        + " {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}]}}",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: r, " + meta
                        + "}, roleRef: {" + group + ", kind: ClusterRole, name: r}}",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: s, namespace: ns, " + meta
                        + "}, rules: [{apiGroups: ['', apps], resources: [pods, pods/log], resourceNames: [one, two],"
                        + " verbs: [create, get, list, watch]}, {nonResourceURLs: [/healthz, /livez], verbs: [get]}]}",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: other, namespace: ns, "
                        + meta + "}, roleRef: {" + group + ", kind: Role, name: s}, subjects: [{" + group
                        + ", kind: User, name: ann}, {" + group
                        + ", kind: Group, name: g}, {kind: ServiceAccount, name: b, namespace: a}]}",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name:"
                        + " 'system:controller:c', " + meta
                        + "}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: [create, patch, update]}]}",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name:"
                        + " 'system:controller:c', " + meta + "}, roleRef: {" + group
                        + ", kind: ClusterRole, name: 'system:controller:c'}, subjects: [{kind: ServiceAccount, name: c,"
                        + " namespace: kube-system}]}");
        assertThat(RoleTable.read(table))
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(AccessFixture::yaml).toList());
    }

    @Test
    void everyDefaultRoleAndBindingIsThereAndWellFormed() {
        AccessFixture cluster = new AccessFixture();
        List<ObjectNode> roles = cluster.admin.list(ROLES, "", ListOptions.ALL).items();
        Set<String> names = roles.stream().map(Meta::name).collect(Collectors.toSet());
        assertThat(names)
                .hasSize(68)
                .contains("admin", "edit", "view", "system:aggregate-to-admin", "system:kube-scheduler")
                .contains("system:controller:clusterrole-aggregation-controller", "system:volume-scheduler");
        assertThat(names.stream().filter(name -> name.startsWith("system:controller:")))
                .hasSize(37);
        for (ObjectNode role : roles) {
            assertThat(role.hasNonNull("rules")).as(Meta.name(role)).isNotEqualTo(role.has("aggregationRule"));
        }
        List<ObjectNode> bindings =
                cluster.admin.list(BINDINGS, "", ListOptions.ALL).items();
        assertThat(bindings)
                .extracting(b -> b.at("/roleRef/name").stringValue())
                .isSubsetOf(names);
        assertThat(bindings)
                .extracting(Meta::name)
                .contains("kubeadm:node-autoapprove-certificate-rotation", "system:node", "system:monitoring")
                .doesNotContain("system:auth-delegator", "view");
        Resource local = Resources.kind("rbac.authorization.k8s.io/v1", "RoleBinding");
        assertThat(cluster.admin.list(local, "kube-system", ListOptions.ALL).items())
                .extracting(Meta::name)
                .contains("system::extension-apiserver-authentication-reader", "system:controller:token-cleaner")
                .hasSize(6);
        assertThat(cluster.admin.list(local, "kube-public", ListOptions.ALL).items())
                .hasSize(1);
    }

    @Test
    void aStartPutsBackWhatIsMissingAndWritesNothingElse() {
        AccessFixture cluster = new AccessFixture();
        Target discovery = Target.of(ROLES, "", "system:discovery");
        ObjectNode asMade = cluster.admin.get(discovery);
        Roles.reconcile(cluster.server.internal());
        assertThat(cluster.admin.get(discovery)).isEqualTo(asMade);

        cluster.admin.delete(discovery, DeleteOptions.now());
        ObjectNode other = cluster.admin.get(Target.of(BINDINGS, "", "system:monitoring"));
        cluster.admin.delete(Target.of(BINDINGS, "", "system:monitoring"), DeleteOptions.now());
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: "system:monitoring"}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
                subjects: [{kind: User, name: ann}]
                """);
        Roles.reconcile(cluster.server.internal());
        assertThat(cluster.admin.get(discovery).path("rules")).isEqualTo(asMade.path("rules"));
        ObjectNode again = cluster.admin.get(Target.of(BINDINGS, "", "system:monitoring"));
        assertThat(again.path("roleRef")).isEqualTo(other.path("roleRef"));
        assertThat(again.path("subjects")).isEqualTo(other.path("subjects"));
    }
}
