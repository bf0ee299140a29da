package io.jollyboat.server;

import io.jollyboat.api.Resource;
import tools.jackson.databind.node.ObjectNode;

/** Kinds that are offered in two versions and stored in one. */
final class Conversions {
    private Conversions() {}

    /** The version in which a kind is stored. */
    static Resource stored(Resource resource) {
        return resource;
    }

    /** From the caller's version to the stored one. */
    static ObjectNode in(Resource resource, ObjectNode object) {
        return object;
    }

    /** From the stored version to the caller's. */
    static ObjectNode out(Resource resource, SharedObject object) {
        return object;
    }
}
