package io.jollyboat.server.access;

import static io.jollyboat.server.access.AccessFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** What a node's credentials reach: all that its Pods need, and nothing of others. */
class NodeAuthorizerTest {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource NODES = Resources.kind("v1", "Node");
    private static final Resource SECRETS = Resources.kind("v1", "Secret");
    private static final Resource ACCOUNTS = Resources.kind("v1", "ServiceAccount");

    private final AccessFixture cluster = new AccessFixture();
    private final Api node = cluster.server.as(AccessFixture.user("system:node:n1,system:nodes"));

    @BeforeEach
    void fill() {
        for (String name : List.of("mine", "its", "from-env", "all-env", "pull", "projected", "unused")) {
            cluster.create("{apiVersion: v1, kind: Secret, metadata: {name: " + name + ", namespace: default}}");
            cluster.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: default}}");
        }
        cluster.create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: default}}");
        cluster.create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: other, namespace: default}}");
        cluster.create("""
                {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: default}, spec: {nodeName: n1,
                  serviceAccountName: robot, imagePullSecrets: [{name: pull}],
                  containers: [{name: c, image: i, envFrom: [{secretRef: {name: all-env}}, {configMapRef: {name: all-env}}],
                    env: [{name: A, valueFrom: {secretKeyRef: {name: from-env, key: k}}},
                          {name: B, valueFrom: {configMapKeyRef: {name: from-env, key: k}}}]}],
                  volumes: [{name: s, secret: {secretName: mine}}, {name: m, configMap: {name: mine}},
                    {name: c, persistentVolumeClaim: {claimName: mine}},
                    {name: p, projected: {sources: [{secret: {name: projected}}, {configMap: {name: projected}}]}}]}}""");
        cluster.create("""
                {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: default}, spec: {nodeName: n2,
                  serviceAccountName: other, containers: [{name: c, image: i}],
                  volumes: [{name: s, secret: {secretName: its}}, {name: m, configMap: {name: its}},
                    {name: c, persistentVolumeClaim: {claimName: its}}]}}""");
    }

    @ParameterizedTest
    @CsvSource({
        "get,secrets,mine,yes",
        "get,secrets,its,no",
        "get,secrets,unused,no",
        "get,secrets,pull,yes",
        "get,secrets,from-env,yes",
        "get,secrets,all-env,yes",
        "watch,secrets,projected,yes",
        "list,secrets,mine,yes",
        "update,secrets,mine,no",
        "delete,secrets,mine,no",
        "create,secrets,'',no",
        "list,secrets,'',no",
        "get,configmaps,mine,yes",
        "get,configmaps,its,no",
        "get,configmaps,from-env,yes",
        "get,configmaps,all-env,yes",
        "watch,configmaps,projected,yes",
        "patch,configmaps,mine,no",
        "get,persistentvolumeclaims,mine,yes",
        "get,persistentvolumeclaims,its,no",
        "list,persistentvolumeclaims,'',no",
        "create,serviceaccounts/token,robot,yes",
        "create,serviceaccounts/token,other,no",
        "create,serviceaccounts/token,default,no",
        "delete,serviceaccounts,robot,no",
        "get,pods,a,yes",
        "get,pods,b,no",
        "delete,pods,a,yes",
        "delete,pods,b,no",
        "list,pods,'',no",
        "update,pods,a,no",
        "create,pods/eviction,a,yes",
        "create,pods/eviction,b,no",
        "create,pods/exec,a,no",
        "patch,pods/status,a,yes",
        "get,services,any,yes",
        "list,services,'',yes",
        "create,services,'',no",
        "create,events,'',yes",
        "delete,events,x,no",
        "list,namespaces,'',no",
        "get,endpoints,x,no"
    })
    void inItsNamespaces(String verb, String kind, String name, String answer) {
        String[] part = kind.split("/");
        Resource resource = Resources.builtIn().all().stream()
                .filter(each -> each.qualifiedPlural().equals(part[0]))
                .findFirst()
                .orElseThrow();
        var decision = new NodeAuthorizer(cluster.server.internal(), new Rbac(cluster.server.internal()))
                .decide(
                        AccessFixture.user("system:node:n1,system:nodes"),
                        verb,
                        resource,
                        "default",
                        name,
                        part.length > 1 ? part[1] : "");
        assertThat(decision.allowed() ? "yes" : "no").isEqualTo(answer);
    }

    @Test
    void refusalsSayWhy() {
        assertThat(refused(() -> node.get(Target.of(SECRETS, "default", "its"))).message())
                .isEqualTo(
                        "secrets \"its\" is forbidden: User \"system:node:n1\" cannot get resource \"secrets\" in API"
                                + " group \"\" in the namespace \"default\": no relationship found between node 'n1' and this"
                                + " object");
        assertThat(refused(() -> node.list(PODS, "", ListOptions.ALL)).message())
                .contains("can only list/watch pods with spec.nodeName field selector");
    }

    @Test
    void itListsItsOwnPodsAlone() {
        assertThat(node.list(PODS, "", new ListOptions("", "spec.nodeName=n1", "", "", 0, ""))
                        .items())
                .hasSize(1);
        refused(() -> node.list(PODS, "", new ListOptions("", "spec.nodeName=n2", "", "", 0, "")));
        refused(() -> node.list(PODS, "", new ListOptions("", "spec.nodeName!=n1", "", "", 0, "")));
    }

    @Test
    void itKeepsItsOwnNodeAndNoOther() {
        create(NODES, "", "{metadata: {name: n1, labels: {kubernetes.io/hostname: n1, zone: a}}}");
        assertThat(refused(() -> create(NODES, "", "{metadata: {name: n2}}")).message())
                .isEqualTo("nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"");
        patch(Target.of(NODES, "", "n1"), "{metadata: {labels: {zone: b, node.kubernetes.io/x: y}}}");
        patch(Target.of(NODES, "", "n1").withSubresource("status"), "{status: {phase: Running}}");
        assertThat(refused(() -> patch(
                                Target.of(NODES, "", "n1"),
                                "{metadata: {labels: {node-restriction.kubernetes.io/a: b}}}"))
                        .message())
                .contains("is not allowed to modify labels: node-restriction.kubernetes.io/a");
        assertThat(refused(() -> patch(Target.of(NODES, "", "n1"), "{spec: {taints: [{key: a, effect: NoSchedule}]}}"))
                        .message())
                .contains("node \"n1\" is not allowed to modify taints");
        refused(() -> node.get(Target.of(NODES, "", "n2")));
        refused(() -> node.delete(Target.of(NODES, "", "n1"), DeleteOptions.now()));
    }

    @Test
    void itMayNotStartPodsNorSpeakForOthers() {
        assertThat(refused(() -> create(
                                PODS,
                                "default",
                                "{metadata: {name: x}, spec: {nodeName: n1, containers: [{name: c, image: i}]}}"))
                        .message())
                .contains("node \"n1\" can only create mirror pods");
        assertThat(refused(() -> patch(
                                Target.of(PODS, "default", "b").withSubresource("status"), "{status: {phase: Failed}}"))
                        .message())
                .contains("node \"n1\" can only update pod status for pods with spec.nodeName set to itself");
        patch(Target.of(PODS, "default", "a").withSubresource("status"), "{status: {phase: Running}}");
    }

    @Test
    void itGetsTokensForItsPodsAlone() {
        String uid = cluster.admin
                .get(Target.of(PODS, "default", "a"))
                .at("/metadata/uid")
                .asString();
        String bound = "{spec: {boundObjectRef: {kind: Pod, apiVersion: v1, name: %s, uid: '%s'}}}";
        assertThat(token("robot", bound.formatted("a", uid)).at("/status/token").asString())
                .isNotEmpty();
        assertThat(refused(() -> token("robot", "{spec: {}}")).message())
                .contains("node requested token not bound to a pod");
        assertThat(refused(() -> token("robot", bound.formatted("b", uid))).message())
                .contains("node requested token bound to a pod scheduled on a different node");
    }

    @Test
    void itsLeaseIsItsOwn() {
        Resource leases = Resources.kind("coordination.k8s.io/v1", "Lease");
        create(leases, "kube-node-lease", "{metadata: {name: n1}}");
        patch(Target.of(leases, "kube-node-lease", "n1"), "{spec: {holderIdentity: n1}}");
        refused(() -> create(leases, "kube-node-lease", "{metadata: {name: n2}}"));
        refused(() -> create(leases, "default", "{metadata: {name: n1}}"));
        refused(() -> node.get(Target.of(leases, "kube-node-lease", "n2")));
    }

    private ObjectNode token(String account, String request) {
        return node.create(
                Target.of(ACCOUNTS, "default", account).withSubresource("token"),
                AccessFixture.yaml(request)
                        .put("apiVersion", "authentication.k8s.io/v1")
                        .put("kind", "TokenRequest"),
                WriteOptions.by("kubelet"));
    }

    private ObjectNode create(Resource resource, String namespace, String text) {
        return node.create(resource, namespace, AccessFixture.yaml(text), WriteOptions.by("kubelet"));
    }

    private ObjectNode patch(Target target, String text) {
        return node.patch(target, new Patch.Merge(AccessFixture.yaml(text)), WriteOptions.by("kubelet"));
    }
}
