package io.jollyboat.server.http;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import java.util.Map;
import java.util.Optional;

/** Kinds that users should leave behind, and what the server tells them on every request. */
final class Deprecations {
    private static final Map<String, String> WARNINGS = Map.of(
            "v1 Endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
            "v1 ComponentStatus", "v1 ComponentStatus is deprecated in v1.19+");

    private Deprecations() {}

    /** The warning for requests of a kind, whatever the verb. */
    static Optional<String> warning(Resource resource) {
        return Optional.ofNullable(WARNINGS.get(resource.apiVersion() + " " + resource.kind()));
    }

    /** The warning for a deletion that does not say what becomes of the Pods. */
    static Optional<String> onDeletion(Resource resource, DeleteOptions options) {
        return resource.qualifiedPlural().equals("jobs.batch")
                        && options.propagation().isEmpty()
                ? Optional.of(
                        "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to"
                                + " remove them or set propagationPolicy=Orphan to suppress this warning")
                : Optional.empty();
    }
}
