package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.WriteOptions;
import java.util.Map;
import java.util.Optional;

/** Kinds that users should leave behind, and what the server tells them on every request. */
public final class Deprecations {
    private static final Map<String, String> WARNINGS = Map.of(
            "v1 Endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
            "v1 ComponentStatus", "v1 ComponentStatus is deprecated in v1.19+");

    private Deprecations() {}

    /** The warning for requests of a kind; writes give it to their options, all else is for the HTTP face to tell. */
    public static Optional<String> warning(Resource resource) {
        return Optional.ofNullable(WARNINGS.get(resource.apiVersion() + " " + resource.kind()));
    }

    static void warn(Resource resource, WriteOptions options) {
        warning(resource).ifPresent(options.warnings());
    }
}
