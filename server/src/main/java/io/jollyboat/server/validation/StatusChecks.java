package io.jollyboat.server.validation;

import java.util.List;

/** What must be true of a status that is written through its subresource. */
final class StatusChecks {
    private StatusChecks() {}

    static void check(String subject, Place newer, Place stored) {
        switch (subject) {
            case "v1 Pod" -> {
                ended(newer, stored, "containerStatuses");
                ended(newer, stored, "initContainerStatuses");
            }
            case "v1 Service" -> balancer(newer);
            case "v1 PersistentVolumeClaim" -> ClaimChecks.status(newer);
            case "storage.k8s.io/v1 VolumeAttachment" -> StorageChecks.attachmentStatus(newer);
            case "networking.k8s.io/v1 Ingress" -> NetworkChecks.balancer(newer.in("status", "loadBalancer"));
            case "certificates.k8s.io/v1 CertificateSigningRequest" -> CertificateChecks.status(newer, stored);
            case "flowcontrol.apiserver.k8s.io/v1 FlowSchema",
                    "flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration" -> FlowChecks.conditions(newer);
            case "resource.k8s.io/v1 ResourceClaim" -> DeviceChecks.claimStatus(newer, stored);
            default -> {}
        }
    }

    /** A container that is over in a Pod that does not restart stays over. */
    private static void ended(Place newer, Place stored, String list) {
        String policy = stored.in("spec", "restartPolicy").text();
        if (policy.isEmpty() || policy.equals("Always")) {
            return;
        }
        List<Place> now = newer.at("status").each(list);
        for (Place before : stored.at("status").each(list)) {
            Place terminated = before.in("state", "terminated");
            boolean failed = terminated.at("exitCode").number() != 0;
            if (!terminated.isThere() || failed && policy.equals("OnFailure")) {
                continue;
            }
            for (Place status : now) {
                boolean same = status.text("name").equals(before.text("name"));
                boolean restartable = stored.at("spec").each("initContainers").stream()
                        .anyMatch(c -> c.text("name").equals(before.text("name"))
                                && c.at("restartPolicy").isSet());
                if (same && !restartable && !status.in("state", "terminated").isThere()) {
                    status.at("state").forbidden("may not be transitioned to non-terminated state");
                }
            }
        }
    }

    private static void balancer(Place service) {
        Place balancer = service.in("status", "loadBalancer");
        boolean wanted = service.in("spec", "type").text().equals("LoadBalancer");
        if (!wanted && balancer.at("ingress").isSet()) {
            balancer.at("ingress").forbidden("may only be used when `spec.type` is \"LoadBalancer\"");
        }
        NetworkChecks.balancer(balancer);
        for (Place point : balancer.each("ingress")) {
            Values.oneOf(point.at("ipMode"), List.of("Proxy", "VIP"));
        }
    }
}
