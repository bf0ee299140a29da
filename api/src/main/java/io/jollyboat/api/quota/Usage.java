package io.jollyboat.api.quota;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Quantity;
import io.jollyboat.api.Resource;
import io.jollyboat.api.kinds.QosClass;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one object takes, by the names that quotas use.
 *
 * @param scopes of a Pod: the quotas' scopes into which it falls, such as {@code BestEffort}
 * @param priorityClass of a Pod, else ""
 */
public record Usage(Map<String, Quantity> amounts, Set<String> scopes, String priorityClass) {
    private static final Quantity ONE = Quantity.of(1);
    private static final Set<String> COUNTED_BY_NAME =
            Set.of("replicationcontrollers", "secrets", "configmaps", "resourcequotas");
    private static final Set<String> COMPUTE = Set.of("cpu", "memory", "ephemeral-storage");

    public Usage {
        amounts = Map.copyOf(amounts);
        scopes = Set.copyOf(scopes);
    }

    /** Source: Kubernetes concepts, "Resource Quotas". */
    public static Usage of(Resource resource, ObjectNode object) {
        Map<String, Quantity> amounts = new TreeMap<>();
        amounts.put("count/" + resource.qualifiedPlural(), ONE);
        JsonNode spec = object.path("spec");
        switch (resource.qualifiedPlural()) {
            case "pods" -> {
                if (lives(object)) {
                    pod(amounts, spec);
                }
                return new Usage(
                        amounts,
                        podScopes(object),
                        spec.path("priorityClassName").asString(""));
            }
            case "services" -> service(amounts, spec);
            case "persistentvolumeclaims" -> claim(amounts, object);
            default -> {
                if (COUNTED_BY_NAME.contains(resource.qualifiedPlural())) {
                    amounts.put(resource.plural(), ONE);
                }
            }
        }
        return new Usage(amounts, Set.of(), "");
    }

    /** A Pod that has ended takes nothing any more, but is still there. */
    private static boolean lives(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    private static void pod(Map<String, Quantity> amounts, JsonNode spec) {
        amounts.put("pods", ONE);
        PodAmounts.of(spec, "requests").forEach((name, amount) -> {
            if (COMPUTE.contains(name) || name.startsWith("hugepages-")) {
                amounts.put(name, amount);
            }
            amounts.put("requests." + name, amount);
        });
        PodAmounts.of(spec, "limits").forEach((name, amount) -> amounts.put("limits." + name, amount));
    }

    private static Set<String> podScopes(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        Set<String> scopes = new HashSet<>();
        scopes.add(spec.path("activeDeadlineSeconds").isNumber() ? "Terminating" : "NotTerminating");
        scopes.add(QosClass.of(pod).equals("BestEffort") ? "BestEffort" : "NotBestEffort");
        if (!spec.path("priorityClassName").asString("").isEmpty()) {
            scopes.add("PriorityClass");
        }
        if (reachesOtherNamespaces(spec.path("affinity"))) {
            scopes.add("CrossNamespacePodAffinity");
        }
        return scopes;
    }

    private static boolean reachesOtherNamespaces(JsonNode affinity) {
        return affinity.findParents("topologyKey").stream()
                .anyMatch(term -> !term.path("namespaces").isEmpty()
                        || term.path("namespaceSelector").isObject());
    }

    private static void service(Map<String, Quantity> amounts, JsonNode spec) {
        amounts.put("services", ONE);
        String type = spec.path("type").asString("ClusterIP");
        boolean balanced = type.equals("LoadBalancer");
        boolean all = type.equals("NodePort")
                || balanced && spec.path("allocateLoadBalancerNodePorts").booleanValue(true);
        long ports = 0;
        for (JsonNode port : spec.path("ports")) {
            ports += all || balanced && port.path("nodePort").asInt(0) > 0 ? 1 : 0;
        }
        amounts.put("services.nodeports", Quantity.of(ports));
        amounts.put("services.loadbalancers", Quantity.of(balanced ? 1 : 0));
    }

    private static void claim(Map<String, Quantity> amounts, ObjectNode claim) {
        JsonNode spec = claim.path("spec");
        amounts.put("persistentvolumeclaims", ONE);
        String oldName = Meta.annotations(claim).getOrDefault("volume.beta.kubernetes.io/storage-class", "");
        String name = spec.path("storageClassName").asString(oldName);
        Optional<Quantity> size = Optional.ofNullable(
                PodAmounts.read(spec.path("resources").path("requests")).get("storage"));
        size.ifPresent(amount -> amounts.put("requests.storage", amount));
        if (!name.isEmpty()) {
            String prefix = name + ".storageclass.storage.k8s.io/";
            amounts.put(prefix + "persistentvolumeclaims", ONE);
            size.ifPresent(amount -> amounts.put(prefix + "requests.storage", amount));
        }
    }
}
