package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What must be true of a status that is written through its subresource. */
final class StatusChecks {
    private static final int REASON_LIMIT = 1024;
    private static final int MESSAGE_LIMIT = 32 * 1024;
    private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");

    private StatusChecks() {}

    static void check(String subject, Place newer, Place stored) {
        switch (subject) {
            case "v1 Pod" -> PodStatusChecks.status(newer, stored);
            case "v1 Service" -> balancer(newer);
            case "v1 PersistentVolumeClaim" -> ClaimChecks.status(newer);
            case "storage.k8s.io/v1 VolumeAttachment" -> StorageChecks.attachmentStatus(newer);
            case "v1 Namespace" -> phase(newer);
            case "networking.k8s.io/v1 Ingress" -> NetworkChecks.balancer(newer.in("status", "loadBalancer"));
            case "certificates.k8s.io/v1 CertificateSigningRequest" -> CertificateChecks.status(newer, stored);
            case "resource.k8s.io/v1 ResourceClaim" -> DeviceChecks.claimStatus(newer, stored);
            case "v1 Node" -> NodeChecks.status(newer);
            case "policy/v1 PodDisruptionBudget" -> conditions(newer.in("status", "conditions"));
            case "flowcontrol.apiserver.k8s.io/v1 FlowSchema" -> FlowChecks.conditions(newer, "must not be empty");
            case "flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration" -> FlowChecks.conditions(newer, "");
            default -> CountChecks.check(subject, newer, stored);
        }
        Rules.check(subject + "/status", newer);
    }

    /** A namespace is being deleted exactly when its phase says so. */
    private static void phase(Place namespace) {
        boolean ends = namespace.in("metadata", "deletionTimestamp").isThere();
        Place phase = namespace.in("status", "phase").toldAs("status.Phase");
        if (!phase.text().equals(ends ? "Terminating" : "Active")) {
            phase.orEmpty()
                    .invalid("may only be '%s' if `deletionTimestamp` is %sempty"
                            .formatted(ends ? "Terminating" : "Active", ends ? "not " : ""));
        }
    }

    /** Conditions of the form that newer kinds have. */
    private static void conditions(Place conditions) {
        Set<String> seen = new HashSet<>();
        for (Place condition : conditions.elements()) {
            Place type = condition.at("type").orEmpty();
            if (!seen.add(type.text())) {
                type.duplicate();
            }
            type.invalid(NameRules.qualified(type.text()));
            Values.oneOf(condition.at("status").orEmpty(), List.of("False", "True", "Unknown"));
            Place seenAt = condition.at("observedGeneration");
            if (seenAt.number() < 0) {
                seenAt.invalid("must be greater than or equal to zero");
            }
            condition.at("lastTransitionTime").mustBeSet();
            reason(condition.at("reason"));
            Place message = condition.at("message");
            if (message.text().length() > MESSAGE_LIMIT) {
                message.tooLong(MESSAGE_LIMIT);
            }
        }
    }

    private static void reason(Place reason) {
        reason.mustBeSet();
        if (reason.text().length() > REASON_LIMIT) {
            reason.tooLong(REASON_LIMIT);
        }
        if (reason.isSet() && !REASON.matcher(reason.text()).matches()) {
            reason.invalid("a condition reason must start with alphabetic character, optionally followed by a string of"
                    + " alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'"
                    + " (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB',"
                    + " regex used for validation is '" + REASON.pattern() + "')");
        }
    }

    private static void balancer(Place service) {
        Place balancer = service.in("status", "loadBalancer");
        boolean wanted = service.in("spec", "type").text().equals("LoadBalancer");
        if (!wanted && balancer.at("ingress").isSet()) {
            balancer.at("ingress").forbidden("may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        NetworkChecks.balancer(balancer);
        for (Place point : balancer.each("ingress")) {
            Place mode = point.at("ipMode");
            if (mode.isThere() && !point.at("ip").isSet()) {
                mode.forbidden("may not be specified when `ip` is not set");
            } else {
                Values.oneOf(mode, List.of("Proxy", "VIP"));
            }
        }
    }
}
