package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says what stands in the tables that {@code kubectl get} prints. */
public interface Printer {
    /** The {@code columnDefinitions} of a kind. */
    ArrayNode columns(Resource resource);

    /** The cells of one object, one for each column. */
    ArrayNode cells(Resource resource, ObjectNode object);

    /** The {@code conditions} of an object's row: a finished Pod says {@code Completed}; empty for most. */
    ArrayNode conditions(Resource resource, ObjectNode object);
}
