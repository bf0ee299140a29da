package io.jollyboat.server.access;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Trees;
import io.jollyboat.server.Authorizer;
import io.jollyboat.server.User;
import io.jollyboat.server.certificates.CertificateRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who may approve and sign requests for certificates: whoever has the verb {@code approve} or {@code sign} on the signer
 * that the request names, or on all of its domain. Nobody becomes a master of the cluster by a request.
 *
 * <p>Source: Kubernetes' documentation of admission controllers, "CertificateApproval", "CertificateSigning",
 * "CertificateSubjectRestriction".
 */
final class Signers {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final Resource SIGNERS = new Resource(
            "certificates.k8s.io",
            "*",
            "Signer",
            "signers",
            "signer",
            List.of(),
            false,
            Set.of("approve", "sign"),
            List.of(),
            List.of());

    private final Authorizer authorizer;

    Signers(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /** @throws StatusException 403 for who may not, and for a request that would make a master */
    void check(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        if (!target.resource().qualifiedPlural().equals("certificatesigningrequests.certificates.k8s.io")) {
            return;
        }
        if (before.isEmpty()) {
            checkSubject(target, after);
            return;
        }
        ObjectNode stored = before.get();
        String signer = stored.path("spec").path("signerName").asString("");
        switch (target.subresource()) {
            case "approval" -> demand(user, "approve", signer, target);
            case "status" -> {
                if (!Trees.equal(stored.at("/status/certificate"), after.at("/status/certificate"))
                        || !Trees.equal(stored.at("/status/conditions"), after.at("/status/conditions"))) {
                    demand(user, "sign", signer, target);
                }
            }
            default -> {}
        }
    }

    private void demand(User user, String verb, String signer, Target target) {
        String domain = signer.replaceFirst("/.*", "/*");
        if (!allows(user, verb, signer) && !allows(user, verb, domain)) {
            throw StatusException.forbidden(
                    target, "user not permitted to %s requests with signerName \"%s\"".formatted(verb, signer));
        }
    }

    private boolean allows(User user, String verb, String signer) {
        return authorizer.decide(user, verb, SIGNERS, "", signer, "").allowed();
    }

    private static void checkSubject(Target target, ObjectNode request) {
        if (!request.path("spec").path("signerName").asString("").equals(CLIENT)) {
            return;
        }
        try {
            String text = request.path("spec").path("request").asString("");
            if (CertificateRequest.parse(text).organizations().contains(User.MASTERS)) {
                throw StatusException.forbidden(
                        target, "use of " + CLIENT + " signer with system:masters group is not allowed");
            }
        } catch (CertificateRequest.MalformedException e) {
            return; // what is no request is refused as invalid
        }
    }
}
