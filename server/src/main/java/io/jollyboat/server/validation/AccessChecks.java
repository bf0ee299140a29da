package io.jollyboat.server.validation;

import java.util.List;

/** What must be true of roles and of who is given them. */
final class AccessChecks {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<String> SUBJECTS = List.of("ServiceAccount", "User", "Group");

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
        for (Place selector : selectors.elements()) {
            int before = selector.causes().size();
            Values.selector(selector);
            if (selector.causes().size() > before) {
                selector.absent().invalid("invalid label selector.");
            }
        }
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

    static void roleBinding(Place binding) {
        binding(binding, List.of("Role", "ClusterRole"), true);
    }

    static void clusterRoleBinding(Place binding) {
        binding(binding, List.of("ClusterRole"), false);
    }

    private static void binding(Place binding, List<String> kinds, boolean namespaced) {
        Place role = binding.at("roleRef");
        Place group = role.at("apiGroup");
        if (group.isThere()) { // a missing role is defaulted to one of this group, of no kind
            Values.oneOf(group.orEmpty(), List.of(GROUP));
        }
        Values.oneOf(role.at("kind").orEmpty(), kinds);
        if (role.at("name").isSet()) {
            Values.pathSegment(role.at("name"));
        } else {
            role.at("name").required("");
        }
        binding.each("subjects").forEach(subject -> subject(subject, namespaced));
    }

    private static void subject(Place subject, boolean namespaced) {
        Place group = subject.at("apiGroup");
        subject.at("name").mustBeSet();
        switch (subject.text("kind")) {
            case "ServiceAccount" -> {
                Values.dnsSubdomain(subject.at("name"));
                if (group.isSet()) {
                    group.notSupported(List.of(""));
                }
                if (!namespaced) {
                    subject.at("namespace").mustBeSet();
                }
            }
            case "User", "Group" -> Values.oneOf(group.quoting(group.text()), List.of(GROUP));
            default -> subject.at("kind").quoting(subject.text("kind")).notSupported(SUBJECTS);
        }
    }
}
