package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, as users of stock kubectl see it. */
@Needs(Need.KUBECTL)
@Timeout(120)
class KubectlAccessTest {
    @TempDir
    static Path home;

    private static ApiServer server;
    private static Kubectl kubectl;

    @BeforeAll
    static void start() throws IOException {
        server = new ApiServer();
        kubectl = Kubectl.in(home, server.kubeconfig());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

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
        kubectl.run("wait", "--for=delete", "secret/gone-token", "--timeout=60s")
                .ok();
    }

    @Test
    void everyGroupOfTheApiIsRegisteredAndAvailable() {
        kubectl.run("get", "apiservices").ok().says("v1. ", "v1.apps", "v2.autoscaling", "Local", "True");
        kubectl.run("wait", "--for=condition=Available", "apiservice", "--all", "--timeout=10s")
                .ok();
    }
}
