package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.KeyPem;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.testing.TestAuthority;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Certificates that users and nodes ask the cluster for, with stock kubectl. */
@Needs(Need.KUBECTL)
@Timeout(120)
class KubectlCertificatesTest extends WithKubectl {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final String KUBELET = "kubernetes.io/kube-apiserver-client-kubelet";

    private static final KeyPair KEYS = TestAuthority.newKeys();

    private static String manifest(String name, String signer, String pem, String more) {
        return """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: %s}
                spec: {signerName: %s, request: %s, %s}
                """.formatted(
                name, signer, Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)), more);
    }

    private static Result create(String name, String signer, String pem, String more, String... as) {
        List<String> command = new ArrayList<>(List.of("create", "-f", "-"));
        command.addAll(List.of(as));
        return kubectl.input(manifest(name, signer, pem, more), command.toArray(new String[0]));
    }

    private static String field(String name, String path) {
        return kubectl.run("get", "csr", name, "-o", "jsonpath=" + path).ok().text();
    }

    private static X509Certificate certificate(String name) throws CertificateException {
        String text = Program.eventually(() -> field(name, "{.status.certificate}"), found -> !found.isEmpty());
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(text)));
    }

    @Test
    void aUserGetsInWithWhatWasApproved() throws Exception {
        create(
                        "ann",
                        CLIENT,
                        TestAuthority.request("O=builders,O=admins,CN=ann", KEYS),
                        "usages: [client auth], expirationSeconds: 3600, username: root, groups: [system:masters]")
                .ok();
        assertThat(field("ann", "{.spec.username} {.spec.groups}"))
                .isEqualTo("root [\"system:masters\",\"system:authenticated\"]");
        kubectl.run("get", "csr").ok().says("ann", CLIENT, "root", "60m", "Pending");
        kubectl.run("certificate", "approve", "ann")
                .ok()
                .says("certificatesigningrequest.certificates.k8s.io/ann approved");
        X509Certificate issued = certificate("ann");
        kubectl.run("get", "csr", "ann").ok().says("Approved,Issued");
        Duration life = Duration.between(
                issued.getNotBefore().toInstant(), issued.getNotAfter().toInstant());
        assertThat(life).isEqualTo(Duration.ofMinutes(65));
        assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(issued.getBasicConstraints()).as("no authority").isEqualTo(-1);

        Kubectl ann = Kubectl.in(home, server.kubeconfigOf(issued, key(KEYS)));
        assertThat(ann.run("auth", "whoami", "-o", "jsonpath={.status.userInfo.username} {.status.userInfo.groups}")
                        .ok()
                        .text())
                .isEqualTo("ann [\"builders\",\"admins\",\"system:authenticated\"]");
        ann.run("get", "pods").fails().says("User \"ann\" cannot list resource \"pods\"");
        kubectl.run("create", "rolebinding", "ann", "--clusterrole=view", "--group=builders")
                .ok();
        ann.run("get", "pods").ok();
    }

    private static String key(KeyPair keys) {
        return KeyPem.write((ECPrivateKey) keys.getPrivate(), (ECPublicKey) keys.getPublic());
    }

    @Test
    void whatWasDeniedIsNeverSigned() {
        create("bob", CLIENT, TestAuthority.request("CN=bob", KEYS), "usages: [client auth]")
                .ok();
        kubectl.run("certificate", "deny", "bob").ok().says("certificatesigningrequest.certificates.k8s.io/bob denied");
        kubectl.run("get", "csr", "bob").ok().says("Denied");
        kubectl.run("certificate", "approve", "bob")
                .fails()
                .says("error: certificate signing request \"bob\" is already Denied");
        assertThat(field("bob", "{.status.certificate}")).isEmpty();
    }

    @Test
    void whatASignerIsNotForFails() {
        create("odd", CLIENT, TestAuthority.request("CN=odd", KEYS), "usages: [server auth]")
                .ok();
        kubectl.run("certificate", "approve", "odd").ok();
        Program.eventually(() -> field("odd", "{.status.conditions[*].type}"), "Approved Failed"::equals);
        assertThat(field("odd", "{.status.conditions[1].message}"))
                .isEqualTo("invalid usage for client certificate: server auth");
        create("other", "example.com/own", TestAuthority.request("CN=other", KEYS), "usages: [client auth]")
                .ok();
        kubectl.run("certificate", "approve", "other").ok();
        kubectl.run("get", "csr", "other").ok().says("Approved");
    }

    @Test
    void nobodyBecomesAMasterNorHandsInWhatIsNone() {
        create("root", CLIENT, TestAuthority.request("O=system:masters,CN=me", KEYS), "usages: [client auth]")
                .fails()
                .says("certificatesigningrequests.certificates.k8s.io \"root\" is forbidden: use of"
                        + " kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
        create("none", "example.com/own", "nothing", "usages: [client auth, fly], expirationSeconds: 5")
                .fails()
                .says(
                        "spec.request: Invalid value: \"bm90aGluZw==\": PEM block type must be CERTIFICATE REQUEST",
                        "spec.usages[1]: Unsupported value: \"fly\": supported values: \"any\", ",
                        "spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 600 seconds"
                                + " (10 minutes)");
        create("old", "kubernetes.io/legacy-unknown", TestAuthority.request("CN=x", KEYS), "usages: [any]")
                .fails()
                .says("spec.signerName: Invalid value: \"kubernetes.io/legacy-unknown\": the legacy signerName is not"
                        + " allowed via this API version");
    }

    @Test
    void approvalNeedsTheSignersPermission() {
        create("cid", CLIENT, TestAuthority.request("CN=cid", KEYS), "usages: [client auth]")
                .ok();
        kubectl.input("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRole
                        metadata: {name: looker}
                        rules:
                        - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [get, list]}
                        - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}
                        """, "create", "-f", "-").ok();
        kubectl.run("create", "clusterrolebinding", "looker", "--clusterrole=looker", "--user=cat")
                .ok();
        kubectl.run("certificate", "approve", "cid", "--as=cat")
                .fails()
                .says("certificatesigningrequests.certificates.k8s.io \"cid\" is forbidden: user not permitted to"
                        + " approve requests with signerName \"kubernetes.io/kube-apiserver-client\"");
        kubectl.input("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRole
                        metadata: {name: approver}
                        rules:
                        - {apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/*], verbs: [approve]}
                        """, "create", "-f", "-").ok();
        kubectl.run("create", "clusterrolebinding", "approver", "--clusterrole=approver", "--user=cat")
                .ok();
        kubectl.run("certificate", "approve", "cid", "--as=cat").ok();
    }

    @Test
    void aNodesOwnCertificateNeedsNobody() throws Exception {
        String[] node = {"--as=system:node:n7", "--as-group=system:nodes"};
        create(
                        "n7",
                        KUBELET,
                        TestAuthority.request("O=system:nodes,CN=system:node:n7", KEYS),
                        "usages: [client auth, digital signature]",
                        node)
                .ok();
        assertThat(certificate("n7").getSubjectX500Principal().getName()).contains("CN=system:node:n7");
        assertThat(field("n7", "{.status.conditions[0].reason}: {.status.conditions[0].message}"))
                .isEqualTo("AutoApproved: Auto approving self kubelet client certificate after SubjectAccessReview.");
        create(
                        "n7-serving",
                        "kubernetes.io/kubelet-serving",
                        TestAuthority.request(
                                "O=system:nodes,CN=system:node:n7", KEYS, new GeneralName(GeneralName.dNSName, "n7")),
                        "usages: [server auth, digital signature]",
                        node)
                .ok();
        kubectl.run("certificate", "approve", "n7-serving").ok();
        assertThat(certificate("n7-serving").getSubjectAlternativeNames().toString())
                .isEqualTo("[[2, n7]]");
    }
}
