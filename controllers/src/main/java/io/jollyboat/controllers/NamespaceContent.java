package io.jollyboat.controllers;

import io.jollyboat.api.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Decides what the conditions of a Namespace say while it is being emptied, in Kubernetes' words. */
final class NamespaceContent {
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
        List<Condition> wanted = new ArrayList<>();
        wanted.add(Condition.now(
                "NamespaceDeletionDiscoveryFailure",
                Condition.FALSE,
                "ResourcesDiscovered",
                "All resources successfully discovered",
                now));
        wanted.add(Condition.now(
                "NamespaceDeletionGroupVersionParsingFailure",
                Condition.FALSE,
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed",
                now));
        wanted.add(
                failures.isEmpty()
                        ? Condition.now(
                                "NamespaceDeletionContentFailure",
                                Condition.FALSE,
                                "ContentDeleted",
                                "All content successfully deleted, may be waiting on finalization",
                                now)
                        : Condition.now(
                                "NamespaceDeletionContentFailure",
                                Condition.TRUE,
                                "ContentDeletionFailed",
                                "Failed to delete all resource types, %d remaining: %s"
                                        .formatted(failures.size(), String.join(", ", failures)),
                                now));
        wanted.add(
                counts.isEmpty()
                        ? Condition.now(
                                "NamespaceContentRemaining",
                                Condition.FALSE,
                                "ContentRemoved",
                                "All content successfully removed",
                                now)
                        : Condition.now(
                                "NamespaceContentRemaining",
                                Condition.TRUE,
                                "SomeResourcesRemain",
                                "Some resources are remaining: " + list(counts, " has %d resource instances"),
                                now));
        wanted.add(
                finalizers.isEmpty()
                        ? Condition.now(
                                "NamespaceFinalizersRemaining",
                                Condition.FALSE,
                                "ContentHasNoFinalizers",
                                "All content-preserving finalizers finished",
                                now)
                        : Condition.now(
                                "NamespaceFinalizersRemaining",
                                Condition.TRUE,
                                "SomeFinalizersRemain",
                                "Some content in the namespace has finalizers remaining: "
                                        + list(finalizers, " in %d resource instances"),
                                now));
        List<Condition> conditions = before;
        for (Condition condition : wanted) {
            conditions = set(conditions, condition.withoutUpdateTime());
        }
        return conditions;
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
