package io.jollyboat.controllers;

import io.jollyboat.api.Resource;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Decides what the conditions of a Namespace say while it is being emptied, in Kubernetes' words. */
final class NamespaceContent {
    private static final String DISCOVERED = "All resources successfully discovered";
    private static final String PARSED = "All legacy kube types successfully parsed";
    private static final String DELETED = "All content successfully deleted, may be waiting on finalization";

    private NamespaceContent() {}

    /**
     * @param left what is still there, by kind
     * @param failures what went wrong with deleting, by kind
     */
    static List<Condition> conditions(
            List<Condition> before, Map<Resource, Collection<Metadata>> left, List<String> failures, Instant now) {
        TreeMap<String, Integer> finalizers = new TreeMap<>();
        TreeMap<String, Integer> counts = new TreeMap<>();
        left.forEach((resource, objects) -> {
            if (!objects.isEmpty()) {
                counts.put(resource.plural() + "." + resource.group(), objects.size());
            }
            objects.forEach(object -> object.finalizers().forEach(name -> finalizers.merge(name, 1, Integer::sum)));
        });
        List<Condition> conditions = before;
        for (Condition condition : List.of(
                new Finding("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", DISCOVERED).well(now),
                new Finding("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", PARSED).well(now),
                content(failures, now),
                remaining(counts, now),
                finalizers(finalizers, now))) {
            conditions = set(conditions, condition.withoutUpdateTime());
        }
        return conditions;
    }

    /** What a condition says. */
    private record Finding(String type, String reason, String message) {
        Condition well(Instant now) {
            return Condition.now(type, Condition.FALSE, reason, message, now);
        }

        Condition wrong(Instant now) {
            return Condition.now(type, Condition.TRUE, reason, message, now);
        }
    }

    private static Condition content(List<String> failures, Instant now) {
        String type = "NamespaceDeletionContentFailure";
        String failed = "Failed to delete all resource types, %d remaining: %s"
                .formatted(failures.size(), String.join(", ", failures));
        return failures.isEmpty()
                ? new Finding(type, "ContentDeleted", DELETED).well(now)
                : new Finding(type, "ContentDeletionFailed", failed).wrong(now);
    }

    private static Condition remaining(Map<String, Integer> counts, Instant now) {
        String type = "NamespaceContentRemaining";
        String some = "Some resources are remaining: " + list(counts, " has %d resource instances");
        return counts.isEmpty()
                ? new Finding(type, "ContentRemoved", "All content successfully removed").well(now)
                : new Finding(type, "SomeResourcesRemain", some).wrong(now);
    }

    private static Condition finalizers(Map<String, Integer> counts, Instant now) {
        String type = "NamespaceFinalizersRemaining";
        String some =
                "Some content in the namespace has finalizers remaining: " + list(counts, " in %d resource instances");
        return counts.isEmpty()
                ? new Finding(type, "ContentHasNoFinalizers", "All content-preserving finalizers finished").well(now)
                : new Finding(type, "SomeFinalizersRemain", some).wrong(now);
    }

    /** Here a new message counts too: it tells how far the deletion has got. */
    private static List<Condition> set(List<Condition> conditions, Condition wanted) {
        return Condition.find(conditions, wanted.type())
                .map(old -> {
                    boolean same = old.status().equals(wanted.status());
                    return same && old.message().equals(wanted.message())
                            ? conditions
                            : Condition.replace(conditions, same ? wanted.changedAt(old.changed()) : wanted);
                })
                .orElseGet(() -> Condition.set(conditions, wanted));
    }

    private static String list(Map<String, Integer> counts, String suffix) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + suffix.formatted(entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
