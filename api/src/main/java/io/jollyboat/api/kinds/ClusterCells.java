package io.jollyboat.api.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The cells of nodes, access, quotas and what extends the API. */
final class ClusterCells {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    static final Map<String, Cell.Rule> RULES = Map.of(
            "nodeStatus", args -> (node, now) -> nodeStatus(node),
            "nodeRoles", args -> (node, now) -> nodeRoles(node),
            "nodeAddress", args -> (node, now) -> nodeAddress(node, args.getFirst()),
            "subjects", args -> (binding, now) -> subjects(binding, args.getFirst()),
            "quota", args -> (quota, now) -> quota(quota, args.getFirst().equals("limits")),
            "requestState", args -> (request, now) -> requestState(request),
            "paramRef", args -> (binding, now) -> paramRef(binding),
            "componentHealth", args -> (component, now) -> componentHealth(component),
            "availability", args -> (service, now) -> availability(service),
            "claimState", args -> (claim, now) -> claimState(claim));

    private ClusterCells() {}

    private static String nodeStatus(JsonNode node) {
        String ready = TextCells.condition(node, "status.conditions", "Ready", "status");
        String status = ready.isEmpty() ? "Unknown" : ready.equals("True") ? "Ready" : "NotReady";
        boolean closed = node.path("spec").path("unschedulable").asBoolean(false);
        return status + (closed ? ",SchedulingDisabled" : "");
    }

    private static String nodeRoles(JsonNode node) {
        TreeSet<String> roles = new TreeSet<>();
        for (Map.Entry<String, JsonNode> label :
                node.path("metadata").path("labels").properties()) {
            if (label.getKey().startsWith(ROLE_PREFIX)) {
                roles.add(label.getKey().substring(ROLE_PREFIX.length()));
            } else if (label.getKey().equals("kubernetes.io/role")) {
                roles.add(label.getValue().asString(""));
            }
        }
        roles.remove("");
        return TextCells.or(String.join(",", roles), TextCells.NONE);
    }

    private static String nodeAddress(JsonNode node, String type) {
        for (JsonNode address : node.path("status").path("addresses")) {
            if (address.path("type").asString("").equals(type)) {
                return address.path("address").asString("");
            }
        }
        return TextCells.NONE;
    }

    private static String subjects(JsonNode binding, String kind) {
        List<String> names = new ArrayList<>();
        for (JsonNode subject : binding.path("subjects")) {
            if (subject.path("kind").asString("").equals(kind)) {
                String name = subject.path("name").asString("");
                names.add(
                        kind.equals("ServiceAccount")
                                ? subject.path("namespace").asString("") + "/" + name
                                : name);
            }
        }
        return String.join(", ", names);
    }

    /** {@code pods: 1/10} for each amount, those of limits apart from the others. */
    private static String quota(JsonNode quota, boolean limits) {
        Map<String, String> amounts = new TreeMap<>();
        JsonNode used = quota.path("status").path("used");
        for (Map.Entry<String, JsonNode> hard :
                quota.path("status").path("hard").properties()) {
            if (hard.getKey().startsWith("limits") == limits) {
                amounts.put(
                        hard.getKey(),
                        used.path(hard.getKey()).asString("0") + "/"
                                + hard.getValue().asString(""));
            }
        }
        List<String> texts = new ArrayList<>();
        amounts.forEach((name, amount) -> texts.add(name + ": " + amount));
        return String.join(", ", texts);
    }

    private static String requestState(JsonNode request) {
        boolean denied = has(request, "Denied");
        String state = denied ? "Denied" : has(request, "Approved") ? "Approved" : "Pending";
        boolean issued = !TextCells.text(request, "status.certificate").isEmpty();
        return state + (has(request, "Failed") ? ",Failed" : "") + (issued ? ",Issued" : "");
    }

    private static boolean has(JsonNode object, String condition) {
        return !TextCells.condition(object, "status.conditions", condition, "type")
                .isEmpty();
    }

    private static String paramRef(JsonNode binding) {
        JsonNode ref = binding.path("spec").path("paramRef");
        if (!ref.isObject()) {
            return "<unset>";
        }
        String namespace = TextCells.text(ref, "namespace");
        String name = TextCells.or(TextCells.text(ref, "name"), TextCells.selector(ref.path("selector")));
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private static String componentHealth(JsonNode component) {
        return switch (TextCells.condition(component, "conditions", "Healthy", "status")) {
            case "True" -> "Healthy";
            case "False" -> "Unhealthy";
            default -> "Unknown";
        };
    }

    /** What became of a claim for devices, as in {@code deleted,allocated,reserved}. */
    private static String claimState(JsonNode claim) {
        boolean deleted = claim.path("metadata").has("deletionTimestamp");
        List<String> states = new ArrayList<>();
        if (deleted) {
            states.add("deleted");
        }
        if (claim.path("status").has("allocation")) {
            states.add("allocated");
            if (!claim.path("status").path("reservedFor").isEmpty()) {
                states.add("reserved");
            }
        } else if (!deleted) {
            states.add("pending");
        }
        return String.join(",", states);
    }

    private static String availability(JsonNode service) {
        String status = TextCells.condition(service, "status.conditions", "Available", "status");
        String reason = TextCells.condition(service, "status.conditions", "Available", "reason");
        return status.isEmpty() ? "Unknown" : status.equals("True") ? status : status + " (" + reason + ")";
    }
}
