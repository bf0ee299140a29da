package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.List;

/** What must be true of CustomResourceDefinitions, apart from their schemas. */
final class DefinitionChecks {
    private DefinitionChecks() {}

    static void definition(Place definition) {
        Place spec = definition.at("spec");
        Place group = spec.at("group");
        Place plural = spec.in("names", "plural");
        Place name = definition.in("metadata", "name");
        String wanted = plural.text() + "." + group.text();
        if (!name.text().equals(wanted)) {
            name.invalid("must be spec.names.plural+\".\"+spec.group");
        }
        if (!group.isSet()) {
            group.required("");
        } else if (!group.text().contains(".")) {
            group.invalid("should be a domain with at least one dot");
        } else {
            group.invalid(NameRules.dnsSubdomain(group.text()));
        }
        Place scope = spec.at("scope");
        if (scope.isSet()) {
            Values.oneOf(scope, List.of("Cluster", "Namespaced"));
        } else {
            scope.required("");
        }
        for (String field : List.of("plural", "kind")) {
            spec.in("names", field).mustBeSet();
        }
        Values.dns1035Label(plural);
        Place versions = spec.at("versions");
        Values.unique(versions.elements(), "name");
        versions.elements().forEach(version -> Values.dns1035Label(version.at("name")));
        long stored = versions.elements().stream()
                .filter(version -> version.isTrue("storage"))
                .count();
        if (stored != 1) {
            versions.invalid("must have exactly one version marked as storage version");
        }
        for (Place version : versions.elements()) {
            if (!version.in("schema", "openAPIV3Schema").isThere()) {
                version.in("schema", "openAPIV3Schema").required("schemas are required");
            }
        }
    }
}
