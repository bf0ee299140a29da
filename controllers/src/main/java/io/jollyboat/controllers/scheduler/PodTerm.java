package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.selectors.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A wish to be near certain other Pods, or far from them. Source: core/v1 PodAffinityTerm.
 *
 * @param namespaces those whose Pods are meant; empty where {@code everyNamespace}
 * @param topologyKey the label of nodes that says what "near" is
 * @param weight 1 to 100 for preferences, 0 for requirements
 */
record PodTerm(LabelSelector selector, Set<String> namespaces, boolean everyNamespace, String topologyKey, int weight) {
    PodTerm {
        namespaces = Set.copyOf(namespaces);
    }

    static List<PodTerm> required(JsonNode affinity, String namespace) {
        List<PodTerm> terms = new ArrayList<>();
        affinity.path("requiredDuringSchedulingIgnoredDuringExecution")
                .forEach(term -> terms.add(read(term, namespace, 0)));
        return terms;
    }

    static List<PodTerm> preferred(JsonNode affinity, String namespace) {
        List<PodTerm> terms = new ArrayList<>();
        affinity.path("preferredDuringSchedulingIgnoredDuringExecution")
                .forEach(wish -> terms.add(read(
                        wish.path("podAffinityTerm"),
                        namespace,
                        wish.path("weight").asInt(1))));
        return terms;
    }

    /** A namespace selector that chooses by labels is read as "every namespace" only when it is empty. */
    private static PodTerm read(JsonNode term, String namespace, int weight) {
        Set<String> namespaces = new TreeSet<>();
        term.path("namespaces").forEach(name -> namespaces.add(name.asString("")));
        JsonNode byLabels = term.path("namespaceSelector");
        boolean every = byLabels.isObject() && byLabels.isEmpty();
        if (namespaces.isEmpty() && !byLabels.isObject()) {
            namespaces.add(namespace);
        }
        LabelSelector selector =
                term.has("labelSelector") ? LabelSelector.of(term.path("labelSelector")) : LabelSelector.NOTHING;
        return new PodTerm(selector, namespaces, every, term.path("topologyKey").asString(""), weight);
    }

    boolean means(PodFacts pod) {
        return means(pod.key().namespace(), pod.labels());
    }

    /** Whether Pods of a namespace with such labels are meant. */
    boolean means(String namespace, JsonNode labels) {
        return (everyNamespace || namespaces.contains(namespace)) && selector.matches(labels);
    }
}
