package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.Meta;
import io.jollyboat.api.selectors.LabelSelector;
import io.jollyboat.client.Key;
import io.jollyboat.controllers.Toleration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the scheduler needs of a Pod.
 *
 * @param nodeName "" while it waits for a node
 * @param nominated the node on which room is being made for it, "" for none
 * @param hostPorts each as {@code protocol/address/port}, the address 0.0.0.0 for all
 * @param preempts false where its class says that it never does
 * @param gated it is not to be scheduled yet, or claims devices, which nothing here gives out
 * @param affinity empty where the Pod states none
 */
record PodFacts(
        Key key,
        String uid,
        JsonNode labels,
        Instant created,
        String nodeName,
        String nominated,
        String schedulerName,
        int priority,
        boolean preempts,
        boolean finished,
        boolean deleting,
        boolean gated,
        Amounts requests,
        Set<String> hostPorts,
        List<Toleration> tolerations,
        Affinity affinity,
        List<Spread> spreads) {

    /** Where it wants to be. */
    record Affinity(
            LabelSelector nodeSelector,
            Optional<NodeTerms> nodeRequired,
            List<Preference> nodePreferred,
            List<PodTerm> near,
            List<PodTerm> nearPreferred,
            List<PodTerm> far,
            List<PodTerm> farPreferred) {
        /** Whether other Pods matter to where this one may lie. */
        boolean regardsOthers() {
            return !near.isEmpty() || !far.isEmpty();
        }
    }

    record Preference(NodeTerms.Term term, int weight) {}

    static PodFacts of(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        JsonNode status = pod.path("status");
        String phase = status.path("phase").asString("");
        return new PodFacts(
                Key.of(pod),
                Meta.uid(pod),
                Meta.labelsNode(pod),
                Meta.creationTimestamp(pod).orElse(Instant.EPOCH),
                spec.path("nodeName").asString(""),
                status.path("nominatedNodeName").asString(""),
                spec.path("schedulerName").asString(""),
                spec.path("priority").asInt(0),
                !spec.path("preemptionPolicy").asString("").equals("Never"),
                phase.equals("Succeeded") || phase.equals("Failed"),
                Meta.isBeingDeleted(pod),
                !spec.path("schedulingGates").isEmpty()
                        || !spec.path("resourceClaims").isEmpty(),
                Amounts.requestedBy(spec),
                hostPorts(spec),
                Toleration.all(pod),
                affinity(spec, Meta.namespace(pod)),
                Spread.read(spec));
    }

    private static Affinity affinity(JsonNode spec, String namespace) {
        JsonNode affinity = spec.path("affinity");
        JsonNode node = affinity.path("nodeAffinity");
        JsonNode terms =
                node.path("requiredDuringSchedulingIgnoredDuringExecution").path("nodeSelectorTerms");
        List<Preference> preferences = new ArrayList<>();
        for (JsonNode wish : node.path("preferredDuringSchedulingIgnoredDuringExecution")) {
            preferences.add(new Preference(
                    NodeTerms.term(wish.path("preference")), wish.path("weight").asInt(1)));
        }
        return new Affinity(
                LabelSelector.ofLabels(spec.path("nodeSelector")),
                terms.isMissingNode() ? Optional.empty() : Optional.of(NodeTerms.read(terms)),
                preferences,
                PodTerm.required(affinity.path("podAffinity"), namespace),
                PodTerm.preferred(affinity.path("podAffinity"), namespace),
                PodTerm.required(affinity.path("podAntiAffinity"), namespace),
                PodTerm.preferred(affinity.path("podAntiAffinity"), namespace));
    }

    private static Set<String> hostPorts(JsonNode spec) {
        Set<String> ports = new TreeSet<>();
        for (JsonNode container : spec.path("containers")) {
            for (JsonNode port : container.path("ports")) {
                int number = port.path("hostPort").asInt(0);
                if (number != 0) {
                    ports.add(port.path("protocol").asString("TCP") + "/"
                            + port.path("hostIP").asString("0.0.0.0") + "/" + number);
                }
            }
        }
        return ports;
    }

    /** Whether it takes up room on its node. */
    boolean placed() {
        return !nodeName.isEmpty() && !finished;
    }

    /** Whether a Pod that is placed may be what this one waits for. */
    boolean waitsForOthers() {
        return affinity.regardsOthers() || spreads.stream().anyMatch(Spread::mustHold);
    }

    /** What is the same for all Pods that are alike to the scheduler, such as those of one ReplicaSet. */
    PodFacts kind() {
        return new PodFacts(
                new Key(key.namespace(), ""),
                "",
                labels,
                Instant.EPOCH,
                nodeName,
                "",
                schedulerName,
                priority,
                preempts,
                finished,
                deleting,
                gated,
                requests,
                hostPorts,
                tolerations,
                affinity,
                spreads);
    }

    /** The same on a node. */
    PodFacts on(String node) {
        return new PodFacts(
                key,
                uid,
                labels,
                created,
                node,
                nominated,
                schedulerName,
                priority,
                preempts,
                finished,
                deleting,
                gated,
                requests,
                hostPorts,
                tolerations,
                affinity,
                spreads);
    }
}
