package io.jollyboat.server.access;

import io.jollyboat.api.Resource;
import tools.jackson.databind.JsonNode;

/** Reads one PolicyRule (rbac.authorization.k8s.io/v1). */
final class Rule {
    private static final String ANY = "*";

    private Rule() {}

    static boolean allows(JsonNode rule, String verb, Resource resource, String name, String subresource) {
        return holds(rule.path("verbs"), verb)
                && holds(rule.path("apiGroups"), resource.group())
                && resources(rule.path("resources"), full(resource.plural(), subresource))
                && names(rule.path("resourceNames"), name);
    }

    /**
     * Whether a rule gives all that another asks for: {@code wanted} may be {@code pods/log} or {@code *}.
     *
     * @param name "" for every object
     */
    static boolean contains(JsonNode rule, String verb, String group, String wanted, String name) {
        return holds(rule.path("verbs"), verb)
                && holds(rule.path("apiGroups"), group)
                && resources(rule.path("resources"), wanted)
                && names(rule.path("resourceNames"), name);
    }

    private static String full(String plural, String subresource) {
        return subresource.isEmpty() ? plural : plural + "/" + subresource;
    }

    static boolean allowsPath(JsonNode rule, String verb, String path) {
        if (!holds(rule.path("verbs"), verb)) {
            return false;
        }
        for (JsonNode one : rule.path("nonResourceURLs")) {
            String pattern = one.asString("");
            boolean prefix = pattern.endsWith(ANY) && path.startsWith(pattern.substring(0, pattern.length() - 1));
            if (prefix || pattern.equals(path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(JsonNode list, String wanted) {
        for (JsonNode one : list) {
            String value = one.asString("");
            if (value.equals(ANY) || value.equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** A subresource is a resource of its own: {@code pods/log}, or that of any kind: <code>&#42;/scale</code>. */
    private static boolean resources(JsonNode list, String wanted) {
        int slash = wanted.indexOf('/');
        String ofEveryKind = slash < 0 ? wanted : ANY + wanted.substring(slash);
        return holds(list, wanted) || holds(list, ofEveryKind);
    }

    private static boolean names(JsonNode list, String name) {
        if (list.isEmpty()) {
            return true;
        }
        for (JsonNode one : list) {
            if (one.asString("").equals(name)) {
                return true;
            }
        }
        return false;
    }
}
