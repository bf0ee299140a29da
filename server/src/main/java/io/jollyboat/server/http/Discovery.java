package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resource.Subresource;
import io.jollyboat.api.Resources;
import io.jollyboat.server.Conversions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The discovery documents of one catalogue of kinds, in the order of the catalogue: clients resolve short names and
 * preferred versions by it.
 */
final class Discovery {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** What can be done with kinds that are stored; others are questions, or made when they are asked for. */
    private static final List<String> STORED = List.of("create", "get");

    private final Resources resources;

    Discovery(Resources resources) {
        this.resources = resources;
    }

    /** Versions by group, both in order. */
    private Map<String, Set<String>> groups() {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (Resource resource : resources.all()) {
            groups.computeIfAbsent(resource.group(), g -> new LinkedHashSet<>()).add(resource.version());
        }
        return groups;
    }

    private List<Resource> kinds(String group, String version) {
        return resources.all().stream()
                .filter(r -> r.group().equals(group) && r.version().equals(version))
                .toList();
    }

    /** {@code APIGroupDiscoveryList} of the core group, or of all others (KEP-3352). */
    ObjectNode aggregated(boolean core) {
        ObjectNode list =
                NODES.objectNode().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        groups().forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                items.add(aggregatedGroup(group, versions));
            }
        });
        return list;
    }

    private ObjectNode aggregatedGroup(String group, Set<String> versions) {
        ObjectNode item = NODES.objectNode();
        ObjectNode metadata = item.putObject("metadata");
        if (!group.isEmpty()) {
            metadata.put("name", group);
        }
        ArrayNode all = item.putArray("versions");
        for (String version : versions) {
            ObjectNode one = all.addObject().put("version", version);
            ArrayNode found = one.putArray("resources");
            kinds(group, version).forEach(kind -> found.add(aggregatedResource(kind)));
            one.put("freshness", "Current");
        }
        return item;
    }

    private static ObjectNode aggregatedResource(Resource kind) {
        ObjectNode node = NODES.objectNode().put("resource", kind.plural());
        node.set("responseKind", responseKind(kind, kind.group(), kind.version(), kind.kind()));
        node.put("scope", kind.namespaced() ? "Namespaced" : "Cluster").put("singularResource", kind.singular());
        words(node, "verbs", kind.verbs().stream().sorted().toList());
        if (!kind.shortNames().isEmpty()) {
            words(node, "shortNames", kind.shortNames());
        }
        if (!kind.categories().isEmpty()) {
            words(node, "categories", kind.categories());
        }
        if (!kind.subresources().isEmpty()) {
            ArrayNode subresources = node.putArray("subresources");
            for (Subresource subresource : kind.subresources()) {
                ObjectNode one = subresources.addObject().put("subresource", subresource.name());
                one.set(
                        "responseKind",
                        responseKind(kind, subresource.group(), subresource.version(), subresource.kind()));
                words(one, "verbs", subresource.verbs().stream().sorted().toList());
            }
        }
        return node;
    }

    /** A kind of the list's own group and version does not name them. */
    private static ObjectNode responseKind(Resource owner, String group, String version, String kind) {
        boolean own = group.equals(owner.group()) && version.equals(owner.version());
        return NODES.objectNode()
                .put("group", own ? "" : group)
                .put("version", own ? "" : version)
                .put("kind", kind);
    }

    private static void words(ObjectNode node, String field, List<String> words) {
        ArrayNode array = node.putArray(field);
        words.forEach(array::add);
    }

    /** {@code GET /api} of old. */
    static ObjectNode coreVersions(String server) {
        ObjectNode node = NODES.objectNode().put("kind", "APIVersions");
        node.putArray("versions").add("v1");
        node.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", server);
        return node;
    }

    /** {@code GET /apis} of old. */
    ObjectNode groupList() {
        ObjectNode node = NODES.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode list = node.putArray("groups");
        groups().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                list.add(groupOf(NODES.objectNode(), group, versions));
            }
        });
        return node;
    }

    /** {@code GET /apis/GROUP} of old. */
    Optional<ObjectNode> group(String name) {
        return Optional.ofNullable(groups().get(name))
                .filter(versions -> !name.isEmpty())
                .map(versions ->
                        groupOf(NODES.objectNode().put("kind", "APIGroup").put("apiVersion", "v1"), name, versions));
    }

    private static ObjectNode groupOf(ObjectNode node, String group, Set<String> versions) {
        node.put("name", group);
        ArrayNode all = node.putArray("versions");
        for (String version : versions) {
            all.add(groupVersion(group, version));
        }
        node.set("preferredVersion", groupVersion(group, versions.iterator().next()));
        return node;
    }

    private static ObjectNode groupVersion(String group, String version) {
        return NODES.objectNode().put("groupVersion", group + "/" + version).put("version", version);
    }

    /** {@code GET /api/v1} or {@code GET /apis/GROUP/VERSION}; empty when nothing is served there. */
    Optional<ObjectNode> resourceList(String group, String version) {
        List<Resource> kinds = kinds(group, version);
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode node = NODES.objectNode().put("kind", "APIResourceList");
        if (!group.isEmpty()) {
            node.put("apiVersion", "v1");
        }
        node.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode list = node.putArray("resources");
        for (Resource kind : kinds) {
            ObjectNode one = list.addObject()
                    .put("name", kind.plural())
                    .put("singularName", kind.singular())
                    .put("namespaced", kind.namespaced())
                    .put("kind", kind.kind());
            words(one, "verbs", kind.verbs().stream().sorted().toList());
            if (!kind.shortNames().isEmpty()) {
                words(one, "shortNames", kind.shortNames());
            }
            if (!kind.categories().isEmpty()) {
                words(one, "categories", kind.categories());
            }
            if (kind.verbs().containsAll(STORED)) {
                one.put("storageVersionHash", storageVersionHash(Conversions.stored(kind)));
            }
            kind.subresources().forEach(subresource -> list.add(subresource(kind, subresource)));
        }
        return Optional.of(node);
    }

    /** Eight bytes that change with the version in which a kind is stored. */
    private static String storageVersionHash(Resource stored) {
        String name = String.join("/", stored.group(), stored.version(), stored.kind());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ObjectNode subresource(Resource kind, Subresource subresource) {
        ObjectNode one = NODES.objectNode()
                .put("name", kind.plural() + "/" + subresource.name())
                .put("singularName", "")
                .put("namespaced", kind.namespaced());
        if (!subresource.group().equals(kind.group()) || !subresource.version().equals(kind.version())) {
            one.put("group", subresource.group()).put("version", subresource.version());
        }
        one.put("kind", subresource.kind());
        words(one, "verbs", subresource.verbs().stream().sorted().toList());
        return one;
    }

    /** Every path that answers something by itself, for {@code GET /}. */
    List<String> paths() {
        Set<String> paths = new LinkedHashSet<>(List.of(
                "/.well-known/openid-configuration",
                "/api",
                "/api/v1",
                "/apis",
                "/apis/",
                "/healthz",
                "/livez",
                "/metrics",
                "/openapi/v2",
                "/openapi/v3",
                "/openapi/v3/",
                "/openid/v1/jwks",
                "/readyz",
                "/version"));
        groups().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                paths.add("/apis/" + group);
                paths.addAll(versions.stream()
                        .map(version -> "/apis/" + group + "/" + version)
                        .collect(Collectors.toSet()));
            }
        });
        return List.copyOf(paths);
    }
}
