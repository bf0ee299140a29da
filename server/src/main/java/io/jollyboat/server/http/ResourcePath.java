package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a path under {@code /api} or {@code /apis} names.
 *
 * @param namespace "" for cluster-scoped kinds and all namespaces
 * @param name "" for the collection
 * @param subresource "" for the object itself
 * @param rest what follows the subresource (of {@code proxy})
 * @param watch whether it stands in the old form with {@code watch} before the resource
 */
record ResourcePath(
        Resource resource, String namespace, String name, String subresource, List<String> rest, boolean watch) {
    /** Behind a namespace's name these are its own subresources; any other word is a kind inside it. */
    private static final Set<String> OF_NAMESPACE = Set.of("status", "finalize");

    private static final Set<String> OF_ONE = Set.of("get", "update", "patch", "delete");
    private static final Set<String> OF_MANY = Set.of("list", "watch", "create", "deletecollection");
    private static final Set<String> EVERYWHERE = Set.of("list", "watch");
    private static final int MOST_PARTS_WITHOUT_REST = 3;

    Target target() {
        return new Target(resource, namespace, name, subresource);
    }

    /**
     * Reads {@code api/v1/…} or {@code apis/GROUP/VERSION/…}.
     *
     * @return empty when there is no such kind, or not in that scope
     */
    static Optional<ResourcePath> parse(Resources resources, List<String> segments) {
        int prefix = segments.getFirst().equals("api") ? 2 : 3;
        if (segments.size() <= prefix) {
            return Optional.empty();
        }
        String apiVersion = String.join("/", segments.subList(1, prefix));
        List<String> parts = segments.subList(prefix, segments.size());
        boolean watch = parts.getFirst().equals("watch");
        if (watch) {
            parts = parts.subList(1, parts.size());
        }
        String namespace = "";
        if (parts.size() > 2
                && parts.getFirst().equals("namespaces")
                && !(parts.size() == MOST_PARTS_WITHOUT_REST && OF_NAMESPACE.contains(parts.get(2)))) {
            namespace = parts.get(1);
            parts = parts.subList(2, parts.size());
        }
        return parts.isEmpty() ? Optional.empty() : resolve(resources, apiVersion, namespace, parts, watch);
    }

    /** The verbs of which one makes it a path: not every kind has objects to name, or can be read everywhere at once. */
    private static Set<String> where(Resource resource, String namespace, String name) {
        if (!name.isEmpty()) {
            return OF_ONE;
        }
        return resource.namespaced() && namespace.isEmpty() ? EVERYWHERE : OF_MANY;
    }

    private static Optional<ResourcePath> resolve(
            Resources resources, String apiVersion, String namespace, List<String> parts, boolean watch) {
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource = parts.size() > 2 ? parts.get(2) : "";
        List<String> rest = parts.size() > MOST_PARTS_WITHOUT_REST
                ? parts.subList(MOST_PARTS_WITHOUT_REST, parts.size())
                : List.of();
        return resources
                .byPlural(apiVersion, parts.getFirst())
                .filter(resource ->
                        resource.namespaced() ? name.isEmpty() || !namespace.isEmpty() : namespace.isEmpty())
                .filter(resource -> subresource.isEmpty()
                        ? resource.verbs().stream().anyMatch(where(resource, namespace, name)::contains)
                        : resource.has(subresource))
                .filter(resource -> rest.isEmpty() || subresource.equals("proxy"))
                .map(resource -> new ResourcePath(resource, namespace, name, subresource, rest, watch));
    }
}
