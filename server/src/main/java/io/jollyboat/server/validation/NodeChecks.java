package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What must be true of Nodes, Namespaces and the classes of priority. */
final class NodeChecks {
    private static final long HIGHEST_PRIORITY = 1_000_000_000;
    private static final List<String> SYSTEM_CLASSES = List.of("system-cluster-critical", "system-node-critical");

    private NodeChecks() {}

    /** Of what a node reports itself. */
    static void status(Place node) {
        amounts(node);
        Set<List<String>> seen = new HashSet<>();
        for (Place address : node.at("status").each("addresses")) {
            if (!seen.add(List.of(address.text("type"), address.text("address")))) {
                address.shownAs("NodeAddress").duplicate();
            }
        }
    }

    private static void amounts(Place node) {
        for (String list : List.of("capacity", "allocatable")) {
            Place amounts = node.in("status", list);
            for (String name : amounts.node().propertyNames()) {
                ResourceChecks.amount(amounts.at(name), name);
            }
        }
    }

    static void node(Place node) {
        amounts(node);
        ranges(node.at("spec").at("podCIDRs"));
        Set<String> seen = new HashSet<>();
        List<Place> taints = node.at("spec").each("taints");
        for (int i = 0; i < taints.size(); i++) {
            Place taint = taints.get(i).toldAs("metadata.taints[" + i + "]");
            taint.at("key").orEmpty().invalid(NameRules.qualified(taint.text("key")));
            taint.at("value").invalid(NameRules.labelValue(taint.text("value")));
            if (taint.at("effect").isSet()) {
                Values.oneOf(taint.at("effect"), PodChecks.EFFECTS);
            } else {
                taint.at("effect").required("");
            }
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
        type.at("handler").orEmpty().invalid(NameRules.dnsLabel(type.text("handler")));
        Place fixed = type.in("overhead", "podFixed").toldAs("overhead.limits");
        ResourceChecks.limits(fixed);
        List<Place> tolerations = type.at("scheduling").each("tolerations");
        tolerations.forEach(PodChecks::toleration);
        Set<List<String>> seen = new HashSet<>();
        for (Place toleration : tolerations) {
            List<String> key = Stream.of("key", "operator", "value", "effect")
                    .map(toleration::text)
                    .toList();
            if (!seen.add(key)) {
                toleration.shownAs("Toleration").duplicate();
            }
        }
    }

    static void namespace(Place namespace) {
        Place finalizers = namespace.in("spec", "finalizers");
        for (Place finalizer : finalizers.elements()) {
            String name = finalizer.text();
            finalizers.quoting(name).invalid(NameRules.qualified(name));
            if (name.indexOf('/') < 0 && !Metadata.STANDARD_FINALIZERS.contains(name)) {
                finalizers.quoting(name).invalid("name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    static void priorityClass(Place type) {
        String name = type.in("metadata", "name").text();
        Place value = type.at("value");
        Place policy = type.at("preemptionPolicy");
        if (policy.text().isEmpty()) {
            policy.required("");
        }
        if (name.startsWith("system-") && !SYSTEM_CLASSES.contains(name)) {
            type.in("metadata", "name")
                    .forbidden("priority class names with 'system-' prefix are reserved for system use only. error: "
                            + name + " is not a known system priority class");
        } else if (!name.startsWith("system-") && value.number() > HIGHEST_PRIORITY) {
            value.forbidden("maximum allowed value of a user defined priority is " + HIGHEST_PRIORITY);
        }
    }
}
