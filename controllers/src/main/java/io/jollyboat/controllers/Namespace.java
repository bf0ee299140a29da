package io.jollyboat.controllers;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What controllers need of a Namespace.
 *
 * @param held whether this cluster's own finalizer still stands in its spec
 */
record Namespace(Metadata metadata, boolean held, String phase, List<Condition> conditions) implements Mirrored {
    static final String FINALIZER = "kubernetes";

    Namespace {
        conditions = List.copyOf(conditions);
    }

    static Namespace of(ObjectNode object) {
        return new Namespace(
                Metadata.of(object),
                object.path("spec")
                        .path("finalizers")
                        .valueStream()
                        .anyMatch(entry -> entry.stringValue("").equals(FINALIZER)),
                object.path("status").path("phase").stringValue(""),
                Condition.all(object));
    }
}
