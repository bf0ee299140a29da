package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The two columns of kinds that have none of their own. */
final class PlainPrinter implements Printer {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Override
    public ArrayNode columns(Resource resource) {
        ArrayNode columns = NODES.arrayNode();
        column(columns, "Name", "string", "name", "Name must be unique within a namespace.");
        column(columns, "Created At", "date", "", "When the server made the object.");
        return columns;
    }

    private static void column(ArrayNode columns, String name, String type, String format, String description) {
        columns.addObject()
                .put("name", name)
                .put("type", type)
                .put("format", format)
                .put("description", description)
                .put("priority", 0);
    }

    @Override
    public ArrayNode cells(Resource resource, ObjectNode object) {
        return NODES.arrayNode()
                .add(object.path("metadata").path("name").asString(""))
                .add(object.path("metadata").path("creationTimestamp").asString(""));
    }

    @Override
    public ArrayNode conditions(Resource resource, ObjectNode object) {
        return NODES.arrayNode();
    }
}
