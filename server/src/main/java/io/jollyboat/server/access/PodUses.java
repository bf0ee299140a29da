package io.jollyboat.server.access;

import io.jollyboat.api.Meta;
import io.jollyboat.api.WatchEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the Pods of each node use, kept up to date Pod by Pod: a change costs as much as the Pod that it is about. */
final class PodUses {
    private static final List<String> CONTAINERS = List.of("containers", "initContainers", "ephemeralContainers");

    private final Map<String, Set<Use>> byPod = new HashMap<>();
    private final Map<Use, Integer> counts = new HashMap<>();

    /** Some Pod of the node uses the object of that name and plural. */
    record Use(String node, String plural, String namespace, String name) {}

    boolean has(Use use) {
        return counts.containsKey(use);
    }

    /** These are all Pods that there are. */
    void set(Collection<ObjectNode> pods) {
        byPod.clear();
        counts.clear();
        pods.forEach(pod -> put(pod, of(pod)));
    }

    void take(WatchEvent event) {
        switch (event.type()) {
            case ADDED, MODIFIED -> put(event.object(), of(event.object()));
            case DELETED -> put(event.object(), Set.of());
            case BOOKMARK -> {}
        }
    }

    private void put(ObjectNode pod, Set<Use> now) {
        Set<Use> before = now.isEmpty() ? byPod.remove(Meta.key(pod)) : byPod.put(Meta.key(pod), now);
        if (before != null) {
            before.forEach(use -> counts.computeIfPresent(use, (u, count) -> count == 1 ? null : count - 1));
        }
        now.forEach(use -> counts.merge(use, 1, Integer::sum));
    }

    /** What a Pod uses; nothing as long as it has no node. */
    static Set<Use> of(ObjectNode pod) {
        String node = pod.path("spec").path("nodeName").asString("");
        if (node.isEmpty()) {
            return Set.of();
        }
        Set<Use> uses = new HashSet<>();
        String namespace = Meta.namespace(pod);
        secrets(pod).forEach(name -> uses.add(new Use(node, "secrets", namespace, name)));
        configMaps(pod).forEach(name -> uses.add(new Use(node, "configmaps", namespace, name)));
        claims(pod).forEach(name -> uses.add(new Use(node, "persistentvolumeclaims", namespace, name)));
        String account = pod.path("spec").path("serviceAccountName").asString("default");
        uses.add(new Use(node, "serviceaccounts", namespace, account));
        return uses;
    }

    private static Set<String> secrets(ObjectNode pod) {
        Set<String> names = new HashSet<>();
        JsonNode spec = pod.path("spec");
        spec.path("imagePullSecrets").forEach(each -> add(names, each.path("name")));
        fromEnvironment(spec, "secretRef", "secretKeyRef", names);
        for (JsonNode volume : spec.path("volumes")) {
            add(names, volume.path("secret").path("secretName"));
            volume.path("projected")
                    .path("sources")
                    .forEach(each -> add(names, each.path("secret").path("name")));
            for (JsonNode source : volume) { // of volumes in networks: cephfs, iscsi, csi, …
                add(names, source.path("secretRef").path("name"));
                add(names, source.path("nodePublishSecretRef").path("name"));
            }
        }
        return names;
    }

    private static Set<String> configMaps(ObjectNode pod) {
        Set<String> names = new HashSet<>();
        JsonNode spec = pod.path("spec");
        fromEnvironment(spec, "configMapRef", "configMapKeyRef", names);
        for (JsonNode volume : spec.path("volumes")) {
            add(names, volume.path("configMap").path("name"));
            volume.path("projected")
                    .path("sources")
                    .forEach(each -> add(names, each.path("configMap").path("name")));
        }
        return names;
    }

    private static Set<String> claims(ObjectNode pod) {
        Set<String> names = new HashSet<>();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            add(names, volume.path("persistentVolumeClaim").path("claimName"));
            if (volume.has("ephemeral")) {
                names.add(Meta.name(pod) + "-" + volume.path("name").asString(""));
            }
        }
        return names;
    }

    private static void fromEnvironment(JsonNode spec, String all, String one, Set<String> names) {
        for (String list : CONTAINERS) {
            for (JsonNode container : spec.path(list)) {
                container
                        .path("envFrom")
                        .forEach(each -> add(names, each.path(all).path("name")));
                container
                        .path("env")
                        .forEach(each ->
                                add(names, each.path("valueFrom").path(one).path("name")));
            }
        }
    }

    private static void add(Set<String> names, JsonNode name) {
        if (!name.asString("").isEmpty()) {
            names.add(name.asString());
        }
    }
}
