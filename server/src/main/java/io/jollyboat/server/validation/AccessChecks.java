package io.jollyboat.server.validation;

/** What must be true of roles. */
final class AccessChecks {
    private AccessChecks() {}

    static void role(Place role) {
        for (Place rule : role.each("rules")) {
            rule(rule);
            Place paths = rule.at("nonResourceURLs");
            if (paths.isSet()) {
                paths.invalid("namespaced rules cannot apply to non-resource URLs");
            }
        }
    }

    static void clusterRole(Place role) {
        role.each("rules").forEach(AccessChecks::rule);
        Place selectors = role.in("aggregationRule", "clusterRoleSelectors");
        if (role.at("aggregationRule").isThere() && !selectors.isSet()) {
            selectors.required("at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        selectors.elements().forEach(Values::selector);
    }

    private static void rule(Place rule) {
        Place paths = rule.at("nonResourceURLs");
        boolean onPaths = paths.isSet();
        boolean onResources =
                rule.at("apiGroups").isSet() || rule.at("resources").isSet();
        if (onPaths) {
            if (onResources || rule.at("resourceNames").isSet()) {
                paths.invalid("rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (!rule.at("apiGroups").isSet()) {
            rule.at("apiGroups").required("resource rules must supply at least one api group");
        }
        if (!rule.at("resources").isSet()) {
            rule.at("resources").required("resource rules must supply at least one resource");
        }
    }
}
