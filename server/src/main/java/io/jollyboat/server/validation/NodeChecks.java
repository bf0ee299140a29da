package io.jollyboat.server.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must be true of Nodes and of the classes of priority. */
final class NodeChecks {
    private static final long HIGHEST_PRIORITY = 1_000_000_000;
    private static final List<String> SYSTEM_CLASSES = List.of("system-cluster-critical", "system-node-critical");

    private NodeChecks() {}

    static void node(Place node) {
        Set<String> seen = new HashSet<>();
        for (Place taint : node.at("spec").each("taints")) {
            taint.at("value").invalid(io.jollyboat.api.NameRules.labelValue(taint.text("value")));
            if (!seen.add(taint.text("key") + ":" + taint.text("effect"))) {
                taint.duplicate();
            }
        }
    }

    static void priorityClass(Place type) {
        String name = type.in("metadata", "name").text();
        Place value = type.at("value");
        if (name.startsWith("system-") && !SYSTEM_CLASSES.contains(name)) {
            type.in("metadata", "name")
                    .forbidden("priority class names with 'system-' prefix are reserved for system use only. error: "
                            + name + " is not a known system priority class");
        } else if (!name.startsWith("system-") && value.number() > HIGHEST_PRIORITY) {
            value.forbidden("maximum allowed value of a user defined priority is " + HIGHEST_PRIORITY);
        }
    }
}
