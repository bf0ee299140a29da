package io.jollyboat.controllers;

import tools.jackson.databind.node.ObjectNode;

/** A lease; only whether {@code renewed} changes is of interest, not what time it says. */
record Lease(Metadata metadata, String renewed) implements Mirrored {
    static Lease of(ObjectNode object) {
        return new Lease(
                Metadata.of(object), object.path("spec").path("renewTime").stringValue(""));
    }
}
