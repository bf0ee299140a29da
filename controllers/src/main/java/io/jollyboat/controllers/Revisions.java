package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which ReplicaSet shows a Deployment's present template, and the annotations by which {@code kubectl rollout} reads
 * the history: a set that becomes the present one again gets a new revision and remembers the old ones.
 */
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MOST = "deployment.kubernetes.io/max-replicas";

    /** The longest list of old revisions, in characters; the oldest are forgotten. */
    static final int HISTORY_LIMIT = 2000;

    /** A Deployment's annotations that its sets do not get. */
    private static final Set<String> OWN = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            "deprecated.deployment.rollback.to",
            REVISION,
            HISTORY,
            DESIRED,
            MOST);

    static final Comparator<ReplicaSet> OLDEST_FIRST =
            Comparator.comparing(ReplicaSet::created).thenComparing(ReplicaSet::name);

    private Revisions() {}

    /** The oldest set with the Deployment's template. */
    static Optional<ReplicaSet> present(Deployment deployment, Collection<ReplicaSet> sets) {
        return sets.stream()
                .filter(set -> set.template().sameButForHash(deployment.template()))
                .min(OLDEST_FIRST);
    }

    /** The number that the present set must at least have. */
    static long next(Collection<ReplicaSet> old) {
        return 1 + old.stream().mapToLong(Revisions::revision).max().orElse(0);
    }

    static long revision(ReplicaSet set) {
        return number(set.annotations().getOrDefault(REVISION, ""));
    }

    /** The present set with the annotations and the patience that the Deployment asks for. */
    static ReplicaSet annotated(Deployment deployment, ReplicaSet set, long revision) {
        Map<String, String> annotations = new HashMap<>(set.annotations());
        annotations.putAll(inherited(deployment));
        long before = revision(set);
        if (before < revision) {
            annotations.put(REVISION, String.valueOf(revision));
            if (set.annotations().containsKey(REVISION)) {
                annotations.put(HISTORY, history(set.annotations().getOrDefault(HISTORY, ""), before));
            }
        }
        return set.withAnnotations(annotations).withMinReadySeconds(deployment.minReadySeconds());
    }

    /** What a set that is created gets. */
    static Map<String, String> initial(Deployment deployment, long revision) {
        Map<String, String> annotations = new HashMap<>(inherited(deployment));
        annotations.put(REVISION, String.valueOf(revision));
        annotations.putAll(sizes(deployment));
        return annotations;
    }

    /** The sizes by which a later scaling knows the proportions. */
    static Map<String, String> sizes(Deployment deployment) {
        return Map.of(
                DESIRED,
                String.valueOf(deployment.replicas()),
                MOST,
                String.valueOf(deployment.replicas() + deployment.surge()));
    }

    /** Old sets beyond the limit, oldest revision first, that have no Pods and are known to the controller. */
    static List<ReplicaSet> surplus(Deployment deployment, Collection<ReplicaSet> old) {
        List<ReplicaSet> kept = new ArrayList<>(
                old.stream().filter(set -> !set.metadata().deleting()).toList());
        int surplus = kept.size() - deployment.historyLimit();
        if (surplus <= 0) {
            return List.of();
        }
        kept.sort(Comparator.comparingLong(Revisions::revision).thenComparing(OLDEST_FIRST));
        return kept.subList(0, surplus).stream()
                .filter(set -> set.status().replicas() == 0
                        && set.replicas() == 0
                        && set.generation() <= set.status().observedGeneration())
                .toList();
    }

    private static Map<String, String> inherited(Deployment deployment) {
        Map<String, String> annotations = new HashMap<>(deployment.annotations());
        annotations.keySet().removeAll(OWN);
        return annotations;
    }

    private static String history(String present, long before) {
        String longer = present.isEmpty() ? String.valueOf(before) : present + "," + before;
        while (longer.length() > HISTORY_LIMIT) {
            longer = longer.substring(longer.indexOf(',') + 1);
        }
        return longer;
    }

    static long number(String text) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
