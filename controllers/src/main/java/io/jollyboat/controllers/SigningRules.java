package io.jollyboat.controllers;

import io.jollyboat.controllers.CertificateAuthority.Asked;
import io.jollyboat.controllers.CertificateAuthority.NameKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the cluster's own signers sign, for how long, which requests need nobody's approval, and when requests are
 * forgotten.
 *
 * <p>Source: Kubernetes' documentation, "Certificates and Certificate Signing Requests", and its signers in
 * pkg/controller/certificates.
 */
final class SigningRules {
    static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";

    static final Duration LONGEST_LIFE = Duration.ofDays(365);
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(10);
    /** Requests that are done, whichever way, are kept for so long. */
    static final Duration KEPT_WHEN_DONE = Duration.ofHours(1);
    /** So long a request may wait for somebody. */
    static final Duration KEPT_WHILE_WAITING = Duration.ofHours(24);

    private static final String NODES = "system:nodes";
    private static final String NODE = "system:node:";
    private static final String KEY_ENCIPHERMENT = "key encipherment";
    private static final String CLIENT_AUTH = "client auth";
    private static final List<String> CLIENT_USAGES = List.of(CLIENT_AUTH, "digital signature", KEY_ENCIPHERMENT);
    private static final List<String> SERVER_USAGES = List.of("digital signature", KEY_ENCIPHERMENT, "server auth");

    /** What a kubelet's client certificate may not ask for, in the order in which it is told. */
    private static final Map<NameKind, String> NOT_ALLOWED = Map.of(
            NameKind.DNS, "DNS subjectAltNames are not allowed",
            NameKind.MAIL, "Email subjectAltNames are not allowed",
            NameKind.ADDRESS, "IP subjectAltNames are not allowed",
            NameKind.URI, "URI subjectAltNames are not allowed");

    private SigningRules() {}

    /** Whether we sign for a signer at all. */
    static boolean ours(String signer) {
        return List.of(CLIENT, KUBELET_CLIENT, KUBELET_SERVING).contains(signer);
    }

    /** Why a signer does not sign a request that was approved; empty when it does. */
    static Optional<String> refusal(String signer, Asked asked, List<String> usages) {
        return switch (signer) {
            case CLIENT -> client(usages);
            case KUBELET_CLIENT -> kubeletClient(asked, usages);
            default -> kubeletServing(asked, usages);
        };
    }

    private static Optional<String> client(List<String> usages) {
        for (String usage : usages) {
            if (!CLIENT_USAGES.contains(usage)) {
                return Optional.of("invalid usage for client certificate: " + usage);
            }
        }
        return usages.contains(CLIENT_AUTH)
                ? Optional.empty()
                : Optional.of("missing required usage for client certificate: " + CLIENT_AUTH);
    }

    private static Optional<String> kubeletClient(Asked asked, List<String> usages) {
        if (!asked.organizations().equals(List.of(NODES))) {
            return Optional.of("subject organization is not system:nodes");
        }
        for (NameKind kind : List.of(NameKind.DNS, NameKind.MAIL, NameKind.ADDRESS, NameKind.URI)) {
            if (asked.further().contains(kind)) {
                return Optional.ofNullable(NOT_ALLOWED.get(kind));
            }
        }
        return name(asked).or(() -> exactly(usages, CLIENT_USAGES));
    }

    private static Optional<String> kubeletServing(Asked asked, List<String> usages) {
        if (!asked.organizations().equals(List.of(NODES))) {
            return Optional.of("subject organization is not system:nodes");
        }
        if (!asked.further().contains(NameKind.DNS) && !asked.further().contains(NameKind.ADDRESS)) {
            return Optional.of("DNS or IP subjectAltName is required");
        }
        for (NameKind kind : List.of(NameKind.MAIL, NameKind.URI)) {
            if (asked.further().contains(kind)) {
                return Optional.ofNullable(NOT_ALLOWED.get(kind));
            }
        }
        return exactly(usages, SERVER_USAGES).or(() -> name(asked));
    }

    private static Optional<String> name(Asked asked) {
        return asked.commonName().startsWith(NODE)
                ? Optional.empty()
                : Optional.of("subject common name does not begin with " + NODE);
    }

    /** Keys that are not RSA encipher no keys: that usage may be left out. */
    private static Optional<String> exactly(List<String> usages, List<String> wanted) {
        Set<String> all = new TreeSet<>(usages);
        all.add(KEY_ENCIPHERMENT);
        return all.equals(new HashSet<>(wanted))
                ? Optional.empty()
                : Optional.of("usages did not match [" + String.join(" ", wanted) + "]");
    }

    /**
     * By which rights a request may be approved at once: subresources of certificatesigningrequests that whoever asks may
     * {@code create}. With what is said of the approval.
     */
    static List<Approval> approvals(SigningRequest request, Asked asked) {
        if (!request.signer().equals(KUBELET_CLIENT)
                || refusal(KUBELET_CLIENT, asked, request.usages()).isPresent()) {
            return List.of();
        }
        List<Approval> approvals = new ArrayList<>();
        if (request.spec().path("username").stringValue("").equals(asked.commonName())) {
            approvals.add(new Approval(
                    "selfnodeclient", "Auto approving self kubelet client certificate after SubjectAccessReview."));
        }
        approvals.add(
                new Approval("nodeclient", "Auto approving kubelet client certificate after SubjectAccessReview."));
        return approvals;
    }

    record Approval(String right, String message) {}

    static Duration life(Optional<Long> seconds) {
        Duration asked = seconds.map(Duration::ofSeconds).orElse(LONGEST_LIFE);
        if (asked.compareTo(LONGEST_LIFE) > 0) {
            return LONGEST_LIFE;
        }
        return asked.compareTo(SHORTEST_LIFE) < 0 ? SHORTEST_LIFE : asked;
    }

    /** When a request is of no use to anybody any more. */
    static Instant end(SigningRequest request) {
        if (request.conditions().isEmpty()) {
            return request.created().plus(KEPT_WHILE_WAITING);
        }
        Instant end = Instant.MAX;
        for (Condition condition : request.conditions()) {
            boolean waits = condition.type().equals(SigningRequest.APPROVED) && !request.issued();
            Instant own = condition.updated().plus(waits ? KEPT_WHILE_WAITING : KEPT_WHEN_DONE);
            boolean counts = List.of(SigningRequest.APPROVED, SigningRequest.DENIED, SigningRequest.FAILED)
                    .contains(condition.type());
            end = counts && own.isBefore(end) ? own : end;
        }
        return end;
    }
}
