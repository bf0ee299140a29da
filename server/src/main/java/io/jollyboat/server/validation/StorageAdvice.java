package io.jollyboat.server.validation;

import io.jollyboat.api.Quantity;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What is told of claims, volumes and classes, of amounts that contradict each other, and of very large Jobs. */
final class StorageAdvice {
    private static final long MANY_COMPLETIONS = 100_000;
    private static final long MUCH_PARALLELISM = 10_000;
    private static final List<String> LIMITED = List.of("cpu", "memory", "storage", "ephemeral-storage");
    private static final List<String> BARE = List.of("cpu", "memory");

    private StorageAdvice() {}

    static void claim(Place claim, Told told) {
        amounts(claim.at("spec"), told);
    }

    /** What a claim's spec asks for and is limited to. */
    static void amounts(Place spec, Told told) {
        told.whole(spec.in("resources", "requests"), "storage");
        told.whole(spec.in("resources", "limits"), "storage");
    }

    static void statefulSet(Place set, Told told) {
        Place spec = set.at("spec");
        for (Place claim : spec.each("volumeClaimTemplates")) {
            // the path lacks "spec", as in Kubernetes
            amounts(claim.at("spec").toldAs(claim.path()), told);
        }
        if (spec.at("revisionHistoryLimit").number() < 0) {
            told.say("spec.revisionHistoryLimit: a negative value retains all historical revisions;"
                    + " a value >= 0 is recommended");
        }
    }

    static void volume(Place volume, Told told) {
        Place spec = volume.at("spec");
        if (spec.text("persistentVolumeReclaimPolicy").equals("Recycle")) {
            told.say(
                    spec.at("persistentVolumeReclaimPolicy"),
                    "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic"
                            + " provisioning.");
        }
        for (Place term : spec.in("nodeAffinity", "required").each("nodeSelectorTerms")) {
            told.term(term, false);
        }
    }

    static void storageClass(Place storageClass, Told told) {
        for (Place topology : storageClass.each("allowedTopologies")) {
            topology.each("matchLabelExpressions").forEach(expression -> told.oldLabelBriefly(expression.at("key")));
        }
    }

    static void capacity(Place capacity, Told told) {
        Place topology = capacity.at("nodeTopology");
        topology.each("matchExpressions").forEach(expression -> told.oldLabel(expression.at("key")));
        Place labels = topology.at("matchLabels");
        told.oldLabels(labels, key -> labels.path() + "." + key);
    }

    /** Told of a driver that begins to ask for tokens, or for others. */
    static void driver(Place driver, Optional<ObjectNode> before, Told told) {
        Place inSecrets = driver.in("spec", "serviceAccountTokenInSecrets");
        Place requests = driver.in("spec", "tokenRequests");
        boolean had = before.filter(stored -> Likeness.same(stored.path("spec").path("tokenRequests"), requests.node()))
                .isPresent();
        if (requests.isSet() && !had && !inSecrets.isThere()) {
            told.say("spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to"
                    + " prevent possible logging of tokens in volume attributes");
        }
    }

    static void runtimeClass(Place runtimeClass, Told told) {
        Place selector = runtimeClass.in("scheduling", "nodeSelector");
        told.oldLabels(selector, key -> selector.path());
    }

    static void quota(Place quota, Told told) {
        Place hard = quota.in("spec", "hard");
        for (String name : LIMITED) {
            String asked = "requests." + name;
            if (!hard.node().has(asked) && BARE.contains(name)) {
                asked = name;
            }
            String limited = "limits." + name;
            Optional<Quantity> request = Quantity.parse(hard.node().path(asked).asString(""));
            Optional<Quantity> limit = Quantity.parse(hard.node().path(limited).asString(""));
            if (request.isPresent() && limit.isPresent() && request.get().compareTo(limit.get()) > 0) {
                told.say("ResourceQuota %s (%s) should be less than %s (%s)"
                        .formatted(asked, request.get(), limited, limit.get()));
            }
        }
    }

    static void job(Place spec, Told told) {
        if (spec.text("completionMode").equals("Indexed")
                && spec.at("completions").number() > MANY_COMPLETIONS
                && spec.at("parallelism").number() > MUCH_PARALLELISM) {
            told.say(
                    spec,
                    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4,"
                            + " Kubernetes might not be able to track completedIndexes when a big number of indexes fail");
        }
    }
}
