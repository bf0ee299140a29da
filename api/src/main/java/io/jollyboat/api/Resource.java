package io.jollyboat.api;

import java.util.List;
import java.util.Set;

/**
 * What the server knows of one kind in one version: a row of the resource table, or a custom resource.
 *
 * @param group "" for the core group
 * @param singular the lower-case kind
 * @param verbs as in discovery: create, delete, deletecollection, get, list, patch, update, watch
 * @param categories names that stand for several kinds, such as {@code all}
 */
public record Resource(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        boolean namespaced,
        Set<String> verbs,
        List<Subresource> subresources,
        List<String> categories) {

    /**
     * One subresource.
     *
     * @param group of the kind that it takes and gives; the same for {@code version}
     */
    public record Subresource(String name, String group, String version, String kind, Set<String> verbs) {}

    /** A kind that messages name and nobody serves. */
    public static Resource unserved(String group, String version, String kind) {
        return new Resource(group, version, kind, "", "", List.of(), false, Set.of(), List.of(), List.of());
    }

    public Resource {
        shortNames = List.copyOf(shortNames);
        verbs = Set.copyOf(verbs);
        subresources = List.copyOf(subresources);
        categories = List.copyOf(categories);
    }

    /** {@code v1} or {@code apps/v1}: what stands in an object's {@code apiVersion}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code pods} or {@code deployments.apps}: how messages name it. */
    public String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    public boolean has(String subresource) {
        return subresources.stream().anyMatch(s -> s.name().equals(subresource));
    }

    @Override
    public String toString() {
        return qualifiedPlural();
    }
}
