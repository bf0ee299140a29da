package io.jollyboat.api.kinds;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The defaults that need thought, by the names that the tables give them; each changes one object in place. */
final class DefaultRules {
    private static final Map<String, Consumer<ObjectNode>> NAMED = Map.ofEntries(
            Map.entry("imagePullPolicy", c -> PodDefaults.pullPolicy(c, "image", "imagePullPolicy")),
            Map.entry("volumeImagePullPolicy", v -> PodDefaults.pullPolicy(v, "reference", "pullPolicy")),
            Map.entry("requestsFromLimits", PodDefaults::requestsFromLimits),
            Map.entry("hostPorts", PodDefaults::hostPorts),
            Map.entry("serviceAccount", PodDefaults::serviceAccount),
            Map.entry("gracePeriod", PodDefaults::gracePeriod),
            Map.entry("emptyDir", PodDefaults::emptyDir),
            Map.entry("qosClass", QosClass::set),
            Map.entry("targetPort", DefaultRules::targetPort),
            Map.entry("ipMode", DefaultRules::ipMode),
            Map.entry("stringData", DefaultRules::stringData),
            Map.entry("nameLabel", DefaultRules::nameLabel),
            Map.entry("labelsFromTemplate", DefaultRules::labelsFromTemplate),
            Map.entry("selectorFromTemplate", DefaultRules::selectorFromTemplate),
            Map.entry("jobSelector", DefaultRules::jobSelector),
            Map.entry("policyTypes", DefaultRules::policyTypes),
            Map.entry("limits", DefaultRules::limits),
            Map.entry("allocatable", DefaultRules::allocatable),
            Map.entry("crdNames", DefaultRules::crdNames),
            Map.entry("podRanges", DefaultRules::podRanges));

    private DefaultRules() {}

    static Consumer<ObjectNode> named(String name) {
        Consumer<ObjectNode> rule = NAMED.get(name);
        if (rule == null) {
            throw new IllegalStateException("defaults.txt names an unknown rule: " + name);
        }
        return rule;
    }

    /** A Service's port goes to the same number in the Pod. */
    private static void targetPort(ObjectNode port) {
        JsonNode target = port.path("targetPort");
        if (Condition.isUnset(target) || target.isNumber() && target.asInt() == 0) {
            port.put("targetPort", port.path("port").intValue(0));
        }
    }

    /**
     * Addresses of a load balancer are VIPs unless it says otherwise. Those of the cluster's own, which serves Services
     * without a class, stay silent about it: readers take silence for VIP, and who prints a whole entry gets the address.
     */
    private static void ipMode(ObjectNode service) {
        if (!service.path("spec").hasNonNull("loadBalancerClass")) {
            return;
        }
        for (JsonNode entry : service.path("status").path("loadBalancer").path("ingress")) {
            if (entry instanceof ObjectNode ingress
                    && !ingress.path("ip").asString("").isEmpty()
                    && !ingress.hasNonNull("ipMode")) {
                ingress.put("ipMode", "VIP");
            }
        }
    }

    /** A node's ranges of addresses for Pods, of which older clients know only the first. */
    private static void podRanges(ObjectNode spec) {
        String first = spec.path("podCIDR").asString("");
        String said = spec.path("podCIDRs").path(0).asString("");
        if (!first.isEmpty() && !first.equals(said)) {
            spec.putArray("podCIDRs").add(first);
        } else if (!said.isEmpty()) {
            spec.put("podCIDR", said);
        }
    }

    /** What a client may write as plain text in a Secret is kept as base64. */
    private static void stringData(ObjectNode secret) {
        if (secret.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode data = secret.withObject("data");
            for (Map.Entry<String, JsonNode> entry : plain.properties()) {
                byte[] bytes = entry.getValue().asString("").getBytes(StandardCharsets.UTF_8);
                data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    private static void nameLabel(ObjectNode namespace) {
        String name = namespace.path("metadata").path("name").asString("");
        if (!name.isEmpty()) {
            ensureObject(ensureObject(namespace, "metadata"), "labels").put("kubernetes.io/metadata.name", name);
        }
    }

    private static void labelsFromTemplate(ObjectNode object) {
        JsonNode labels = templateLabels(object);
        if (!labels.isEmpty() && Condition.isUnset(object.path("metadata").path("labels"))) {
            ensureObject(object, "metadata").set("labels", labels.deepCopy());
        }
    }

    private static void selectorFromTemplate(ObjectNode object) {
        JsonNode labels = templateLabels(object);
        if (!labels.isEmpty() && Condition.isUnset(object.path("spec").path("selector"))) {
            ensureObject(object, "spec").set("selector", labels.deepCopy());
        }
    }

    private static JsonNode templateLabels(ObjectNode object) {
        return object.path("spec").path("template").path("metadata").path("labels");
    }

    /** A Job without a selector of its own finds its Pods by its uid. */
    private static void jobSelector(ObjectNode job) {
        JsonNode metadata = job.path("metadata");
        String uid = metadata.path("uid").asString("");
        ObjectNode template = ensureObject(ensureObject(job, "spec"), "template");
        ObjectNode labels = ensureObject(ensureObject(template, "metadata"), "labels");
        for (String prefix : List.of("", "batch.kubernetes.io/")) {
            labels.put(prefix + "job-name", metadata.path("name").asString(""));
            labels.put(prefix + "controller-uid", uid);
        }
        ObjectNode selector = ensureObject(ensureObject(job, "spec"), "selector");
        ensureObject(selector, "matchLabels").put("batch.kubernetes.io/controller-uid", uid);
    }

    private static void policyTypes(ObjectNode spec) {
        ArrayNode types = spec.putArray("policyTypes").add("Ingress");
        if (!spec.path("egress").isEmpty()) {
            types.add("Egress");
        }
    }

    /** A container's default limit is its maximum, its default request the default limit, else the minimum. */
    private static void limits(ObjectNode item) {
        copyMissing(item, "max", "default");
        copyMissing(item, "default", "defaultRequest");
        copyMissing(item, "min", "defaultRequest");
    }

    private static void allocatable(ObjectNode status) {
        if (Condition.isUnset(status.path("allocatable"))) {
            copyMissing(status, "capacity", "allocatable");
        }
    }

    private static void crdNames(ObjectNode spec) {
        ObjectNode names = ensureObject(spec, "names");
        String kind = names.path("kind").asString("");
        if (!kind.isEmpty() && Condition.isUnset(names.path("singular"))) {
            names.put("singular", kind.toLowerCase(java.util.Locale.ROOT));
        }
        if (!kind.isEmpty() && Condition.isUnset(names.path("listKind"))) {
            names.put("listKind", kind + "List");
        }
    }

    /** Copies what {@code from} has and {@code to} lacks. */
    static void copyMissing(ObjectNode holder, String from, String to) {
        for (Map.Entry<String, JsonNode> entry : holder.path(from).properties()) {
            ObjectNode target = ensureObject(holder, to);
            if (!target.has(entry.getKey())) {
                target.set(entry.getKey(), entry.getValue());
            }
        }
    }

    /** The object in a field, put there if it is missing or null. */
    static ObjectNode ensureObject(ObjectNode holder, String field) {
        return holder.get(field) instanceof ObjectNode present ? present : holder.putObject(field);
    }
}
