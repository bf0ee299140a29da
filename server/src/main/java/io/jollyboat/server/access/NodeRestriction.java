package io.jollyboat.server.access;

import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.server.certificates.CertificateRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a node may write into the objects that it may write at all: its own Node without taints and labels that say what
 * runs where, the status of its own Pods, mirrors of static Pods, its own Lease, tokens for its own Pods.
 *
 * <p>Source: Kubernetes documentation, "NodeRestriction".
 */
final class NodeRestriction {
    private static final String MIRROR = "kubernetes.io/config.mirror";

    /** The labels in Kubernetes' own domains that a node may give itself. */
    private static final Set<String> OWN_LABELS = Set.of(
            "kubernetes.io/hostname",
            "kubernetes.io/arch",
            "kubernetes.io/os",
            "beta.kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "beta.kubernetes.io/instance-type",
            "node.kubernetes.io/instance-type",
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region",
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region");

    private static final Set<String> NODE_SIGNERS =
            Set.of("kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet");

    private final NodeGraph graph;

    NodeRestriction(NodeGraph graph) {
        this.graph = graph;
    }

    /** @throws StatusException 403 in Kubernetes' words */
    void check(String node, Target target, Optional<ObjectNode> before, ObjectNode after) {
        switch (target.resource().qualifiedPlural()) {
            case "nodes" -> checkNode(node, target, before, after);
            case "pods" -> checkPod(node, target, before, after);
            case "leases.coordination.k8s.io" ->
                require(
                        Meta.name(after).equals(node),
                        target,
                        "can only access node lease with the same name as the requesting node");
            case "certificatesigningrequests.certificates.k8s.io" -> {
                if (before.isEmpty()) {
                    checkCertificate(node, target, after.path("spec"));
                }
            }
            default -> {}
        }
    }

    /** A node has nobody certified but itself. */
    private static void checkCertificate(String node, Target target, JsonNode spec) {
        if (!NODE_SIGNERS.contains(spec.path("signerName").asString(""))) {
            return;
        }
        try {
            CertificateRequest request =
                    CertificateRequest.parse(spec.path("request").asString(""));
            require(
                    request.commonName().equals("system:node:" + node),
                    target,
                    "can only create a node CSR with CN=system:node:" + node);
        } catch (CertificateRequest.MalformedException e) {
            throw StatusException.forbidden(target, "unable to parse csr: " + e.getMessage());
        }
    }

    /** @throws StatusException 403 for a token that is not bound to a Pod of the node */
    void checkToken(String node, ObjectNode account, ObjectNode request) {
        Target target = Target.of(
                        io.jollyboat.api.Resources.kind("v1", "ServiceAccount"),
                        Meta.namespace(account),
                        Meta.name(account))
                .withSubresource("token");
        JsonNode bound = request.path("spec").path("boundObjectRef");
        require(bound.path("kind").asString("").equals("Pod"), target, "node requested token not bound to a pod");
        String uid = bound.path("uid").asString("");
        require(!uid.isEmpty(), target, "node requested token with a pod binding without a uid");
        boolean its = graph.pod(
                        node, Meta.namespace(account), bound.path("name").asString(""))
                .filter(pod -> Meta.uid(pod).equals(uid))
                .isPresent();
        require(its, target, "node requested token bound to a pod scheduled on a different node");
    }

    private static void checkNode(String node, Target target, Optional<ObjectNode> before, ObjectNode after) {
        require(
                Meta.name(after).equals(node),
                target,
                "node \"%s\" is not allowed to modify node \"%s\"".formatted(node, Meta.name(after)));
        Map<String, String> old = before.map(Meta::labels).orElse(Map.of());
        Set<String> changed = new TreeSet<>();
        Meta.labels(after).forEach((key, value) -> {
            if (!value.equals(old.get(key))) {
                changed.add(key);
            }
        });
        old.keySet().stream()
                .filter(key -> !Meta.labels(after).containsKey(key))
                .forEach(changed::add);
        changed.removeIf(key -> !isForbidden(key));
        require(
                changed.isEmpty(),
                target,
                before.isEmpty()
                        ? "node \"%s\" is not allowed to set the following labels: %s"
                                .formatted(node, String.join(", ", changed))
                        : "is not allowed to modify labels: " + String.join(", ", changed));
        before.ifPresent(stored -> {
            require(
                    stored.path("spec").path("taints").equals(after.path("spec").path("taints")),
                    target,
                    "node \"%s\" is not allowed to modify taints".formatted(node));
            require(
                    stored.path("metadata")
                            .path("ownerReferences")
                            .equals(after.path("metadata").path("ownerReferences")),
                    target,
                    "node \"%s\" is not allowed to modify ownerReferences".formatted(node));
        });
    }

    private static boolean isForbidden(String label) {
        int slash = label.indexOf('/');
        String domain = slash < 0 ? "" : label.substring(0, slash);
        boolean kubernetes = inDomain(domain, "kubernetes.io") || inDomain(domain, "k8s.io");
        boolean allowed = OWN_LABELS.contains(label)
                || inDomain(domain, "kubelet.kubernetes.io")
                || inDomain(domain, "node.kubernetes.io");
        return kubernetes && !allowed;
    }

    private static boolean inDomain(String domain, String parent) {
        return domain.equals(parent) || domain.endsWith("." + parent);
    }

    private void checkPod(String node, Target target, Optional<ObjectNode> before, ObjectNode after) {
        boolean its = after.path("spec").path("nodeName").asString("").equals(node);
        if (before.isEmpty()) {
            require(
                    Meta.annotations(after).containsKey(MIRROR),
                    target,
                    "pod does not have \"%s\" annotation, node \"%s\" can only create mirror pods"
                            .formatted(MIRROR, node));
            require(its, target, "node \"%s\" can only create pods with spec.nodeName set to itself".formatted(node));
        } else if (target.subresource().equals("status")) {
            require(
                    its,
                    target,
                    "node \"%s\" can only update pod status for pods with spec.nodeName set to itself".formatted(node));
            require(
                    Meta.labels(before.get()).equals(Meta.labels(after)),
                    target,
                    "node \"%s\" cannot update labels through pod status".formatted(node));
        }
    }

    private static void require(boolean holds, Target target, String otherwise) {
        if (!holds) {
            throw StatusException.forbidden(target, otherwise);
        }
    }
}
