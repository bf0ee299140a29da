package io.jollyboat.server.access;

import static io.jollyboat.server.access.AccessFixture.refused;
import static io.jollyboat.server.access.AccessFixture.user;
import static io.jollyboat.server.access.AccessFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.testing.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Requests for certificates: who may make them, what is wrong with them, who decides. */
class CertificatesTest {
    private static final Resource CSR = Resources.kind("certificates.k8s.io/v1", "CertificateSigningRequest");
    private static final String SIGNER = "kubernetes.io/kubelet-serving";

    private final AccessFixture cluster = new AccessFixture();

    private ObjectNode ask(Api api, String name, String signer, String subject) {
        byte[] pem = TestAuthority.request(subject, cluster.keys).getBytes(StandardCharsets.US_ASCII);
        String request = Base64.getEncoder().encodeToString(pem);
        return api.create(
                CSR,
                "",
                yaml("{metadata: {name: '%s'}, spec: {signerName: '%s', request: '%s', usages: [server auth]}}"
                        .formatted(name, signer, request)),
                WriteOptions.by("test"));
    }

    private static List<String> causes(StatusException.Failure failure) {
        return failure.causes().stream()
                .map(cause -> cause.field() + ": " + cause.message())
                .toList();
    }

    @Test
    void nobodyOwnsItsFieldsAndItsNameIsFree() {
        ObjectNode made = ask(cluster.admin, "node:A", "example.com/b", "CN=a");
        assertThat(made.path("metadata").has("managedFields")).isFalse();
        assertThat(made.at("/spec/username").asString()).isEqualTo("admin");
    }

    @Test
    void aNodeAsksForItselfAlone() {
        Api node = cluster.server.as(user("system:node:n1,system:nodes"));
        assertThat(ask(node, "own", SIGNER, "CN=system:node:n1,O=system:nodes").has("spec"))
                .isTrue();
        assertThat(refused(() -> ask(node, "other", SIGNER, "CN=system:node:n2,O=system:nodes"))
                        .message())
                .isEqualTo("certificatesigningrequests.certificates.k8s.io \"other\" is forbidden: can only create a"
                        + " node CSR with CN=system:node:n1");
    }

    @Test
    void whatIsWrongIsToldInOrder() {
        assertThat(causes(refused(() -> cluster.create(
                        "{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: c}}"))))
                .containsExactly(
                        "spec.request: Invalid value: null: PEM block type must be CERTIFICATE REQUEST",
                        "spec.usages: Required value",
                        "spec.signerName: Required value");
        assertThat(causes(refused(() -> ask(cluster.admin, "c", "Bad/-c", "CN=a"))))
                .hasSize(3)
                .satisfiesExactly(
                        domain -> assertThat(domain)
                                .contains("Invalid value: \"Bad\": validating label \"Bad\": a lower"),
                        parts -> assertThat(parts).endsWith("at least two segments separated by dots"),
                        path -> assertThat(path)
                                .contains("Invalid value: \"-c\": validating label \"-c\": a lowercase"));
    }

    @Test
    void whoSignsLeavesDecisionsAsTheyAre() {
        ObjectNode made = ask(cluster.admin, "c", "example.com/b", "CN=a");
        Target target = Target.of(CSR, "", "c");
        made.withObjectProperty("status")
                .putArray("conditions")
                .add(yaml("{type: Approved, status: 'True', reason: mine}"));
        ObjectNode approved = cluster.admin.update(target.withSubresource("approval"), made, WriteOptions.by("test"));
        ObjectNode signed = approved.deepCopy();
        ((ObjectNode) signed.at("/status/conditions/0")).put("reason", "other");
        signed.withArray("/status/conditions").add(yaml("{type: Failed, status: 'True'}"));
        ObjectNode failed = cluster.admin.update(target.withSubresource("status"), signed, WriteOptions.by("test"));
        assertThat(failed.at("/status/conditions/0")).isEqualTo(approved.at("/status/conditions/0"));
        assertThat(failed.at("/status/conditions/1/type").asString()).isEqualTo("Failed");
        signed.withArray("/status/conditions").removeAll();
        signed.withObjectProperty("metadata").remove("resourceVersion");
        assertThat(causes(refused(
                        () -> cluster.admin.update(target.withSubresource("status"), signed, WriteOptions.by("test")))))
                .first()
                .isEqualTo("status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"");
    }
}
