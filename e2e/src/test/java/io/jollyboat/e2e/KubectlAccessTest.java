package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may do what, as users of stock kubectl see it. */
@Needs(Need.KUBECTL)
@Timeout(120)
class KubectlAccessTest extends WithKubectl {
    private static String secret(String name, String account) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s, annotations: {kubernetes.io/service-account.name: %s}}
                type: kubernetes.io/service-account-token
                """.formatted(name, account);
    }

    private static String content(String name, String field) {
        String text = kubectl.run("get", "secret", name, "-o", "jsonpath={.data." + field + "}")
                .ok()
                .text();
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Test
    void aSecretHoldsALongLivedToken() throws IOException {
        kubectl.run("create", "serviceaccount", "old").ok();
        kubectl.input(secret("old-token", "old"), "create", "-f", "-").ok();
        String token = Program.eventually(() -> content("old-token", "token"), text -> !text.isEmpty());
        assertThat(content("old-token", "namespace")).isEqualTo("default");
        assertThat(content("old-token", "ca\\.crt")).startsWith("-----BEGIN CERTIFICATE-----");
        Kubectl old = Kubectl.in(home, server.kubeconfigOf(token));
        old.run("auth", "whoami").ok().says("system:serviceaccount:default:old");
        kubectl.run("delete", "secret", "old-token").ok();
        old.run("auth", "whoami").fails();
    }

    @Test
    void aTokenSecretGoesWithItsAccount() {
        kubectl.run("create", "serviceaccount", "gone").ok();
        kubectl.input(secret("gone-token", "gone"), "create", "-f", "-").ok();
        Program.eventually(() -> content("gone-token", "token"), text -> !text.isEmpty());
        kubectl.run("delete", "serviceaccount", "gone").ok();
        kubectl.run("wait", "--for=delete", "secret/gone-token", "--timeout=180s")
                .ok();
    }

    @Test
    void gatheredRolesShowTheirRules() {
        String rules = Program.eventually(
                () -> kubectl.run("describe", "clusterrole", "admin").ok().text(),
                text -> text.contains("rolebindings.rbac.authorization.k8s.io")
                        && text.contains("pods/exec")
                        && text.contains("namespaces"));
        assertThat(rules).contains("kubernetes.io/bootstrapping=rbac-defaults");
        kubectl.run("create", "clusterrole", "watchers", "--aggregation-rule=example.com/watchers=yes")
                .ok();
        kubectl.run("create", "clusterrole", "watch-nodes", "--verb=get,watch", "--resource=nodes")
                .ok();
        kubectl.run("label", "clusterrole", "watch-nodes", "example.com/watchers=yes")
                .ok();
        assertThat(rulesOf("watchers", text -> !text.isEmpty())).isEqualTo("nodes");
        kubectl.run("delete", "clusterrole", "watch-nodes").ok();
        assertThat(rulesOf("watchers", String::isEmpty)).isEmpty();
    }

    private static String rulesOf(String role, java.util.function.Predicate<String> good) {
        return Program.eventually(
                () -> kubectl.run("get", "clusterrole", role, "-o", "jsonpath={.rules[*].resources[*]}")
                        .ok()
                        .text(),
                good);
    }

    @Test
    void someoneWhoMayViewMayDoThatAndNoMore() {
        kubectl.run("create", "namespace", "seen").ok();
        kubectl.run("create", "rolebinding", "view", "--clusterrole=view", "--user=vera", "-n", "seen")
                .ok();
        kubectl.run("auth", "can-i", "list", "pods", "-n", "seen", "--as", "vera")
                .ok()
                .says("yes");
        kubectl.run("auth", "can-i", "list", "secrets", "-n", "seen", "--as", "vera")
                .fails()
                .says("no");
        kubectl.run("auth", "can-i", "--list", "-n", "seen", "--as", "vera")
                .ok()
                .says("selfsubjectreviews.authentication.k8s.io", "deployments.apps", "[get list watch]", "/version");
        kubectl.run("auth", "whoami", "--as", "vera", "--as-group", "seers", "--as-uid", "7")
                .ok()
                .says("vera", "7", "[seers system:authenticated]");
        kubectl.run("get", "secrets", "-n", "seen", "--as", "vera")
                .fails()
                .says("secrets is forbidden: User \"vera\" cannot list resource \"secrets\" in API group \"\" in"
                        + " the namespace \"seen\"");
    }

    @Test
    void nobodyGivesAwayWhatOneHasNot() {
        kubectl.run("create", "namespace", "given").ok();
        kubectl.run("create", "rolebinding", "admin", "--clusterrole=admin", "--user=gus", "-n", "given")
                .ok();
        kubectl.run("create", "role", "r", "--verb=get", "--resource=pods", "-n", "given", "--as", "gus")
                .ok();
        kubectl.run("create", "role", "s", "--verb=get,list", "--resource=nodes", "-n", "given", "--as", "gus")
                .fails()
                .says(
                        "roles.rbac.authorization.k8s.io \"s\" is forbidden: user \"gus\""
                                + " (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently"
                                + " held:",
                        "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}");
        kubectl.run("create", "serviceaccount", "brief", "-n", "given").ok();
        kubectl.run("create", "token", "brief", "-n", "given", "--duration=60s", "--as", "gus")
                .fails()
                .says("spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes");
    }

    @Test
    void everyGroupOfTheApiIsRegisteredAndAvailable() {
        kubectl.run("get", "apiservices").ok().says("v1. ", "v1.apps", "v2.autoscaling", "Local", "True");
        kubectl.run("wait", "--for=condition=Available", "apiservice", "--all", "--timeout=10s")
                .ok();
    }
}
