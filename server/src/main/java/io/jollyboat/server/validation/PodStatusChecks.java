package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.List;

/** What must be true of a Pod's status. */
final class PodStatusChecks {
    private static final List<String> OWN_CONDITIONS = List.of("PodScheduled", "Ready", "Initialized");
    private static final String COUNT = "must be a non-negative integer";

    private PodStatusChecks() {}

    static void status(Place newer, Place stored) {
        Place status = newer.at("status");
        Place before = stored.at("status");
        for (Place condition : status.each("conditions")) {
            observed(condition.at("observedGeneration"));
            if (!OWN_CONDITIONS.contains(condition.text("type"))) {
                String type = condition.text("type");
                condition.at("Type").quoting(type).invalid(NameRules.qualified(type));
            }
        }
        nominated(status.at("nominatedNodeName"), before.text("nominatedNodeName"), stored);
        observed(status.at("observedGeneration"));
        Place quality = status.at("qosClass");
        if (quality.isSet() && !quality.text().equals(before.text("qosClass"))) {
            quality.invalid("field is immutable");
        }
        ended(newer, stored, "containerStatuses");
        ended(newer, stored, "initContainerStatuses");
        addresses(status.at("podIPs"), before.at("podIPs"));
        List<Place> host = status.each("hostIPs");
        if (!host.isEmpty() && !host.getFirst().text("ip").equals(status.text("hostIP"))) {
            host.getFirst().at("ip").orEmpty().invalid("must be equal to `hostIP`");
        }
        addresses(status.at("hostIPs"), before.at("hostIPs"));
    }

    private static void observed(Place count) {
        if (count.number() < 0) {
            count.invalid(COUNT);
        }
    }

    /** A Pod that has a node needs no other. */
    private static void nominated(Place node, String before, Place stored) {
        if (node.isSet() && !node.text().equals(before)) {
            node.invalid(NameRules.dnsSubdomain(node.text()));
            if (stored.in("spec", "nodeName").isSet()) {
                node.forbidden("may not be set on pods that are already bound to a node");
            }
        }
    }

    /** One of each family; what is stored may stay as it is. */
    private static void addresses(Place all, Place before) {
        List<String> known =
                before.elements().stream().map(each -> each.text("ip")).toList();
        for (Place each : all.elements()) {
            Place address = each.quoting(each.text("ip"));
            if (!known.contains(address.text()) && !Addresses.isIp(address.text())) {
                address.invalid(Addresses.IP_RULE);
            }
        }
        List<Place> each = all.elements();
        long longer = each.stream().filter(ip -> ip.text("ip").contains(":")).count();
        if (each.size() > 1 && (each.size() > 2 || longer != 1)) {
            all.shownAs("PodIP").invalid("may specify no more than one IP for each IP family");
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
}
