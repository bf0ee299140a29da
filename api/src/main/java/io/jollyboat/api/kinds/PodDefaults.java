package io.jollyboat.api.kinds;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The defaults of Pods that depend on other fields. */
final class PodDefaults {
    private static final int LONGEST_IMAGE = 255;
    private static final String HOST = "[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?";
    private static final String WORD = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";

    /** A registry, or none; a path of small letters; a tag, or none. */
    private static final Pattern IMAGE = Pattern.compile(
            "((%1$s(\\.%1$s)*|\\[[0-9a-fA-F:]+])(:[0-9]+)?/)?%2$s(/%2$s)*(:\\w[-.\\w]{0,127})?".formatted(HOST, WORD));

    private PodDefaults() {}

    /** Images that may move under their name are pulled always. */
    static void pullPolicy(ObjectNode holder, String imageField, String policyField) {
        if (Condition.isUnset(holder.path(policyField))) {
            String image = holder.path(imageField).asString("");
            holder.put(policyField, isLatest(image) ? "Always" : "IfNotPresent");
        }
    }

    /** Nobody ends before it began: less than nothing is a second. */
    static void gracePeriod(ObjectNode spec) {
        if (spec.path("terminationGracePeriodSeconds").asLong(0) < 0) {
            spec.put("terminationGracePeriodSeconds", 1);
        }
    }

    /** True without a digest and with the tag latest or none; nothing is said of what names no image. */
    private static boolean isLatest(String image) {
        if (image.contains("@")
                || image.length() > LONGEST_IMAGE
                || !IMAGE.matcher(image).matches()) {
            return false;
        }
        String lastPart = image.substring(image.lastIndexOf('/') + 1);
        int colon = lastPart.indexOf(':');
        return colon < 0 || lastPart.substring(colon + 1).equals("latest");
    }

    /** A container that names a limit and no request asks for as much as the limit. */
    static void requestsFromLimits(ObjectNode container) {
        if (container.path("resources") instanceof ObjectNode resources) {
            DefaultRules.copyMissing(resources, "limits", "requests");
        }
    }

    /** In the node's network a container's port is the node's. */
    static void hostPorts(ObjectNode spec) {
        for (String list : List.of("containers[].ports[]", "initContainers[].ports[]")) {
            Path.of(list).eachObject(spec, "", (at, port) -> {
                if (port.path("hostPort").asInt(0) == 0 && port.has("containerPort")) {
                    port.set("hostPort", port.path("containerPort"));
                }
            });
        }
    }

    /** The field's old name follows the new one. */
    static void serviceAccount(ObjectNode spec) {
        String name = spec.path("serviceAccountName").asString("");
        String old = spec.path("serviceAccount").asString("");
        String account = name.isEmpty() ? old : name;
        if (!account.isEmpty()) {
            spec.put("serviceAccountName", account);
            spec.put("serviceAccount", account);
        }
    }

    /** A volume that names no source is an empty directory. */
    static void emptyDir(ObjectNode volume) {
        List<String> sources = volume.properties().stream()
                .filter(e -> !e.getKey().equals("name") && !isNull(e.getValue()))
                .map(java.util.Map.Entry::getKey)
                .toList();
        if (sources.isEmpty()) {
            volume.putObject("emptyDir");
        }
    }

    private static boolean isNull(JsonNode node) {
        return node.isNull() || node.isMissingNode();
    }
}
