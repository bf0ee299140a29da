package io.jollyboat.server.validation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is told of a Pod's spec: old labels and annotations, selectors that choose nothing, what stands twice. */
final class PodAdvice {
    private static final String NO_POD = "a null labelSelector results in matching no pod";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final String SECCOMP = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
    private static final List<String> IN_BYTES = List.of("memory", "ephemeral-storage");

    private PodAdvice() {}

    static void look(Place metadata, Place spec, Told told) {
        Place selector = spec.at("nodeSelector");
        told.oldLabels(selector, key -> selector.key(key).path());
        affinity(spec.at("affinity"), told);
        for (Place spread : spec.each("topologySpreadConstraints")) {
            told.oldLabel(spread.at("topologyKey"));
            selects(spread.at("labelSelector"), told);
        }
        twice(spec.each("hostAliases"), "ip", told);
        twice(spec.each("imagePullSecrets"), "name", told);
        for (Place secret : spec.each("imagePullSecrets")) {
            if (secret.text("name").isEmpty()) {
                told.say(secret.at("name"), "invalid empty name \"\"");
            }
        }
        IN_BYTES.forEach(name -> told.whole(spec.at("overhead"), name));
        Place annotations = metadata.at("annotations");
        if (!spec.in("securityContext", "seccompProfile").isThere()) {
            annotation(annotations, "seccomp.security.alpha.kubernetes.io/pod", SECCOMP, told);
        }
        for (Place container : containers(spec)) {
            container(annotations, container, told);
        }
        for (Place claim : spec.each("volumes")) {
            StorageAdvice.amounts(claim.in("ephemeral", "volumeClaimTemplate", "spec"), told);
        }
        for (Place server : spec.at("dnsConfig").each("nameservers")) {
            AddressAdvice.ip(server, told);
        }
        for (Place alias : spec.each("hostAliases")) {
            AddressAdvice.ip(alias.at("ip"), told);
        }
    }

    /** All containers of a Pod, in the order in which Kubernetes goes through them. */
    static List<Place> containers(Place spec) {
        List<Place> containers = new ArrayList<>(spec.each("initContainers"));
        containers.addAll(spec.each("containers"));
        containers.addAll(spec.each("ephemeralContainers"));
        return containers;
    }

    static void appArmor(Place holder, Told told) {
        Place spec = holder.at("spec");
        if (spec.in("securityContext", "appArmorProfile").isThere()) {
            return;
        }
        for (Place container : containers(spec)) {
            if (!container.in("securityContext", "appArmorProfile").isThere()) {
                annotation(
                        holder.in("metadata", "annotations"),
                        "container.apparmor.security.beta.kubernetes.io/" + container.text("name"),
                        "deprecated since v1.30; use the \"appArmorProfile\" field instead",
                        told);
            }
        }
    }

    private static void affinity(Place affinity, Told told) {
        Place nodes = affinity.at("nodeAffinity");
        for (Place term : nodes.at(REQUIRED).each("nodeSelectorTerms")) {
            told.term(term, false);
        }
        for (Place preferred : nodes.each(PREFERRED)) {
            told.term(preferred.at("preference"), true);
        }
        for (String pods : List.of("podAffinity", "podAntiAffinity")) {
            for (Place term : affinity.at(pods).each(REQUIRED)) {
                selects(term.at("labelSelector"), told);
            }
            for (Place term : affinity.at(pods).each(PREFERRED)) {
                selects(term.in("podAffinityTerm", "labelSelector"), told);
            }
        }
    }

    private static void selects(Place selector, Told told) {
        if (!selector.isThere()) {
            told.say(selector, NO_POD);
        }
    }

    private static void twice(List<Place> places, String field, Told told) {
        Set<String> seen = new HashSet<>();
        for (Place place : places) {
            Place value = place.at(field);
            if (!seen.add(value.text())) {
                told.say(value, "duplicate " + field + " " + Told.quoted(value.text()));
            }
        }
    }

    private static void annotation(Place annotations, String key, String words, Told told) {
        if (annotations.node().has(key)) {
            told.say(annotations.key(key), words);
        }
    }

    private static void container(Place annotations, Place container, Told told) {
        if (!container.in("securityContext", "seccompProfile").isThere()) {
            String key = "container.seccomp.security.alpha.kubernetes.io/" + container.text("name");
            annotation(annotations, key, SECCOMP, told);
        }
        for (String name : IN_BYTES) {
            told.whole(container.in("resources", "limits"), name);
            told.whole(container.in("resources", "requests"), name);
        }
        Set<String> seen = new HashSet<>();
        for (Place variable : container.each("env")) {
            String name = variable.text("name");
            boolean usesFormer = variable.text("value").contains("$(" + name + ")")
                    && !variable.text("value").equals("$(" + name + ")");
            if (!seen.add(name) && (variable.at("valueFrom").isThere() || !usesFormer)) {
                told.say(
                        variable,
                        "hides previous definition of " + Told.quoted(name)
                                + ", which may be dropped when using apply");
            }
        }
    }
}
