package io.jollyboat.server.http;

import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes {@code meta.k8s.io/v1} tables and metadata-only objects. */
final class Tables {
    static final String META = "meta.k8s.io/v1";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Printer printer;

    Tables(Printer printer) {
        this.printer = printer;
    }

    /** What of an object its row holds. */
    enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    /** A table of one object. */
    ObjectNode table(Resource resource, ObjectNode object, Include include) {
        ObjectNode table = empty(printer.columns(resource));
        String version = object.path("metadata").path("resourceVersion").asString("");
        ((ObjectNode) table.get("metadata")).put("resourceVersion", version);
        ((ArrayNode) table.get("rows")).add(row(resource, object, include));
        return table;
    }

    /** The table of one event: only the first event of a watch repeats the columns. */
    ObjectNode eventTable(Resource resource, ObjectNode object, Include include, boolean first) {
        ObjectNode table = table(resource, object, include);
        if (!first) {
            table.putArray("columnDefinitions");
        }
        return table;
    }

    /** The table of a bookmark: a version and no rows. */
    ObjectNode bookmark(ObjectNode object) {
        ObjectNode table = empty(NODES.arrayNode());
        table.set("metadata", object.path("metadata").deepCopy());
        return table;
    }

    private static ObjectNode empty(ArrayNode columns) {
        ObjectNode table = NODES.objectNode().put("kind", "Table").put("apiVersion", META);
        table.putObject("metadata");
        table.set("columnDefinitions", columns);
        table.putArray("rows");
        return table;
    }

    void write(JsonGenerator out, ObjectList list, Include include) {
        out.writeStartObject().writeStringProperty("kind", "Table").writeStringProperty("apiVersion", META);
        out.writeName("metadata");
        writeListMeta(out, list);
        out.writeName("columnDefinitions");
        out.writeTree(printer.columns(list.resource()));
        out.writeArrayPropertyStart("rows");
        for (ObjectNode item : list.items()) {
            out.writeTree(row(list.resource(), item, include));
        }
        out.writeEndArray().writeEndObject();
    }

    private ObjectNode row(Resource resource, ObjectNode object, Include include) {
        ObjectNode row = NODES.objectNode();
        row.set("cells", printer.cells(resource, object));
        ArrayNode conditions = printer.conditions(resource, object);
        if (!conditions.isEmpty()) {
            row.set("conditions", conditions);
        }
        switch (include) {
            case NONE -> {}
            case METADATA -> row.set("object", metadataOnly(object));
            case OBJECT -> row.set("object", object);
        }
        return row;
    }

    /** A {@code PartialObjectMetadata}: it shares the metadata of the object. */
    static ObjectNode metadataOnly(ObjectNode object) {
        ObjectNode partial = NODES.objectNode().put("kind", "PartialObjectMetadata").put("apiVersion", META);
        JsonNode metadata = object.path("metadata");
        partial.set("metadata", metadata.isObject() ? metadata : NODES.objectNode());
        return partial;
    }

    static void writeListMeta(JsonGenerator out, ObjectList list) {
        out.writeStartObject().writeStringProperty("resourceVersion", list.resourceVersion());
        if (!list.next().isEmpty()) {
            out.writeStringProperty("continue", list.next());
            if (list.remaining().isPresent()) {
                out.writeNumberProperty("remainingItemCount", list.remaining().getAsLong());
            }
        }
        out.writeEndObject();
    }
}
