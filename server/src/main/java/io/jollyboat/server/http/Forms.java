package io.jollyboat.server.http;

import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.kinds.Tables;
import io.jollyboat.api.kinds.Tables.Include;
import io.jollyboat.server.http.wire.Query;
import io.jollyboat.world.World;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The other forms in which an object can be seen: tables, and metadata alone. */
final class Forms {
    static final String META = "meta.k8s.io/v1";
    private static final String ROWS = "rows";

    private final World world;

    Forms(World world) {
        this.world = world;
    }

    /** A table of one object, for an answer or for an event. */
    ObjectNode table(Resource resource, ObjectNode object, Include include, boolean columns) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put(
                "resourceVersion",
                object.path("metadata").path("resourceVersion").asString(""));
        return Tables.table(resource, List.of(object), metadata, include, columns, world.now());
    }

    /** The table of a list as far as its rows, which follow. */
    ObjectNode tableHead(ObjectList list) {
        ObjectNode head = Tables.table(list.resource(), List.of(), listMeta(list), Include.NONE, true, world.now());
        head.remove(ROWS);
        return head;
    }

    /** One row of a table. */
    JsonNode row(Resource resource, ObjectNode object, Include include) {
        return table(resource, object, include, false).required(ROWS).required(0);
    }

    /** The table of a bookmark: the bookmark's metadata and no rows. */
    ObjectNode bookmark(Resource resource, ObjectNode object) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        object.path("metadata").properties().forEach(field -> metadata.set(field.getKey(), field.getValue()));
        return Tables.table(resource, List.of(), metadata, Include.NONE, false, world.now());
    }

    /** A {@code PartialObjectMetadata}: it shares the metadata of the object. */
    static ObjectNode metadataOnly(ObjectNode object) {
        ObjectNode partial = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "PartialObjectMetadata")
                .put("apiVersion", META);
        JsonNode metadata = object.path("metadata");
        partial.set("metadata", metadata.isObject() ? metadata : JsonNodeFactory.instance.objectNode());
        return partial;
    }

    static ObjectNode listMeta(ObjectList list) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        if (!list.resourceVersion().isEmpty()) { // what is not stored has none
            metadata.put("resourceVersion", list.resourceVersion());
        }
        if (!list.next().isEmpty()) {
            metadata.put("continue", list.next());
            list.remaining().ifPresent(count -> metadata.put("remainingItemCount", count));
        }
        return metadata;
    }

    /** @throws StatusException BadRequest */
    static Include include(Query query) {
        String text = query.first("includeObject");
        return Include.of(text)
                .orElseThrow(
                        () -> StatusException.badRequest("unrecognized includeObject value: \"%s\"".formatted(text)));
    }
}
