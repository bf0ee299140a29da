package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the Pods of a node lead to: the objects that the node must read for them. */
final class NodeGraph {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource CLAIMS = Resources.kind("v1", "PersistentVolumeClaim");
    private static final Resource VOLUMES = Resources.kind("v1", "PersistentVolume");
    private static final List<String> CONTAINERS = List.of("containers", "initContainers", "ephemeralContainers");

    private final Api api;

    /** @param api with the right to read all Pods, claims and volumes */
    NodeGraph(Api api) {
        this.api = api;
    }

    /** The Pod of that name, where it is bound to the node. */
    Optional<ObjectNode> pod(String node, String namespace, String name) {
        return find(Target.of(PODS, namespace, name))
                .filter(pod -> pod.path("spec").path("nodeName").asString("").equals(node));
    }

    /** Whether some Pod of the node in that namespace uses the object. */
    boolean uses(String node, String plural, String namespace, String name) {
        Function<ObjectNode, Set<String>> used = switch (plural) {
            case "secrets" -> NodeGraph::secrets;
            case "configmaps" -> NodeGraph::configMaps;
            case "persistentvolumeclaims" -> NodeGraph::claims;
            case "serviceaccounts" ->
                pod -> Set.of(pod.path("spec").path("serviceAccountName").asString("default"));
            default -> pod -> Set.of();
        };
        return pods(node, namespace).stream().anyMatch(pod -> used.apply(pod).contains(name));
    }

    /** Whether a volume stands behind a claim that some Pod of the node uses. */
    boolean usesVolume(String node, String name) {
        return find(Target.of(VOLUMES, "", name))
                .map(volume -> volume.path("spec").path("claimRef"))
                .filter(claim -> uses(
                        node,
                        CLAIMS.plural(),
                        claim.path("namespace").asString(""),
                        claim.path("name").asString("")))
                .isPresent();
    }

    private List<ObjectNode> pods(String node, String namespace) {
        return api.list(PODS, namespace, new ListOptions("", "spec.nodeName=" + node, "", "", 0, ""))
                .items();
    }

    private Optional<ObjectNode> find(Target target) {
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            if (e.is(StatusException.Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
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
