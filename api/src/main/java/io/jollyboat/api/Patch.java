package io.jollyboat.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A change to an object in one of Kubernetes' four forms. */
public sealed interface Patch {
    /** RFC 6902: an array of operations. */
    record Json(JsonNode operations) implements Patch {}

    /** RFC 7386. */
    record Merge(ObjectNode patch) implements Patch {}

    /** Kubernetes' strategic merge, by the merge keys of the schema. */
    record Strategic(ObjectNode patch) implements Patch {}

    /** Server-side apply: the caller's full intent. */
    record Apply(ObjectNode intent) implements Patch {}
}
