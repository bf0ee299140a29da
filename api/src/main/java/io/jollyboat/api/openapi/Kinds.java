package io.jollyboat.api.openapi;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How OpenAPI names kinds. */
final class Kinds {
    private Kinds() {}

    static ObjectNode groupVersionKind(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return JsonNodeFactory.instance
                .objectNode()
                .put("group", slash < 0 ? "" : apiVersion.substring(0, slash))
                .put("kind", kind)
                .put("version", apiVersion.substring(slash + 1));
    }

    /** {@code RbacAuthorizationV1} of {@code rbac.authorization.k8s.io/v1}, {@code CoreV1} of {@code v1}. */
    static String camel(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "core" : apiVersion.substring(0, slash);
        StringBuilder name = new StringBuilder();
        for (String part : group.replaceAll("\\.k8s\\.io$", "").split("[.-]")) {
            name.append(capital(part));
        }
        return name + capital(apiVersion.substring(slash + 1));
    }

    /** {@code rbacAuthorization_v1}. */
    static String tag(String apiVersion) {
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        String camel = camel(apiVersion);
        String group = camel.substring(0, camel.length() - version.length());
        return Character.toLowerCase(group.charAt(0)) + group.substring(1) + "_" + version;
    }

    static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
