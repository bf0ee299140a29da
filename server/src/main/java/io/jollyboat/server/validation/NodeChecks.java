package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must be true of Nodes, Namespaces and the classes of priority. */
final class NodeChecks {
    private static final long HIGHEST_PRIORITY = 1_000_000_000;
    private static final List<String> SYSTEM_CLASSES = List.of("system-cluster-critical", "system-node-critical");

    private NodeChecks() {}

    static void node(Place node) {
        ranges(node.at("spec").at("podCIDRs"));
        Set<String> seen = new HashSet<>();
        List<Place> taints = node.at("spec").each("taints");
        for (int i = 0; i < taints.size(); i++) {
            Place taint = taints.get(i).toldAs("metadata.taints[" + i + "]");
            taint.at("key").mustBeSet();
            taint.at("key").orEmpty().invalid(NameRules.qualified(taint.text("key")));
            if (taint.at("effect").isSet()) {
                Values.oneOf(taint.at("effect"), PodChecks.EFFECTS);
            } else {
                taint.at("effect").required("");
            }
            taint.at("value").invalid(NameRules.labelValue(taint.text("value")));
            if (!seen.add(taint.text("key") + ":" + taint.text("effect"))) {
                taint.shownAs("Taint").duplicate("taints must be unique by key and effect pair");
            }
        }
    }

    private static void ranges(Place ranges) {
        List<Place> each = ranges.elements();
        boolean oneFamily = each.size() == 2
                && each.getFirst().text().contains(":") == each.getLast().text().contains(":");
        if (each.size() > 2 || oneFamily) {
            ranges.invalid("may specify no more than one CIDR for each IP family");
        }
    }

    static void runtimeClass(Place type) {
        type.at("scheduling").each("tolerations").forEach(PodChecks::toleration);
    }

    static void namespace(Place namespace) {
        Place finalizers = namespace.in("spec", "finalizers");
        for (Place finalizer : finalizers.elements()) {
            String name = finalizer.text();
            List<String> wrong = NameRules.qualified(name);
            finalizers.quoting(name).invalid(wrong);
            if (wrong.isEmpty() && name.indexOf('/') < 0 && !Metadata.STANDARD_FINALIZERS.contains(name)) {
                finalizers.quoting(name).invalid("name is neither a standard finalizer name nor is it fully qualified");
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
