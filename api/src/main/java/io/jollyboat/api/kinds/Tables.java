package io.jollyboat.api.kinds;

import io.jollyboat.api.Resource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What {@code kubectl get} prints: columns and cells by the table {@code columns.txt}. */
public final class Tables {
    /**
     * A column.
     *
     * @param type string, integer, number, boolean or date
     * @param format {@code name} for the column that names the object, else ""
     * @param priority 0 for those always shown, 1 for wide output
     */
    public record Column(String name, String type, String format, int priority, String description) {}

    /** What goes along with each row: {@code ?includeObject}. */
    public enum Include {
        NONE,
        METADATA,
        OBJECT;

        /** Reads the query's value, "" for the usual one; empty for a wrong one. */
        public static Optional<Include> of(String text) {
            return switch (text) {
                case "", "Metadata" -> Optional.of(METADATA);
                case "None" -> Optional.of(NONE);
                case "Object" -> Optional.of(OBJECT);
                default -> Optional.empty();
            };
        }
    }

    private record Shown(Column column, Cell cell) {}

    private static final String META_VERSION = "meta.k8s.io/v1";
    private static final String ANY = "any";
    private static final Shown AGE =
            new Shown(new Column("Age", "string", "", 0, "How long ago it was made"), Cell.read("age()"));
    private static final Map<String, List<Shown>> BY_KIND = read();
    private static final Map<String, ObjectNode> ENDED = Map.of(
            "Succeeded", ended("Succeeded", "The pod has completed successfully."),
            "Failed", ended("Failed", "The pod failed."));

    private Tables() {}

    public static List<Column> columns(Resource resource) {
        return shown(resource).stream().map(Shown::column).toList();
    }

    /** The cells of one object, as many as there are columns. */
    public static ArrayNode row(Resource resource, ObjectNode object, Instant now) {
        ArrayNode cells = JsonNodeFactory.instance.arrayNode();
        shown(resource).forEach(each -> cells.add(each.cell().of(object, now)));
        return cells;
    }

    /**
     * A whole Table.
     *
     * @param metadata resourceVersion, and continue and remainingItemCount where there is more
     * @param withColumns false for all but the first event of a watch
     */
    public static ObjectNode table(
            Resource resource,
            List<ObjectNode> objects,
            ObjectNode metadata,
            Include include,
            boolean withColumns,
            Instant now) {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table").put("apiVersion", META_VERSION);
        table.set("metadata", metadata);
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (withColumns) {
            for (Column column : columns(resource)) {
                definitions
                        .addObject()
                        .put("name", column.name())
                        .put("type", column.type())
                        .put("format", column.format())
                        .put("description", column.description())
                        .put("priority", column.priority());
            }
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            row.set("cells", row(resource, object, now));
            if (Parts.subject(resource).equals("v1 Pod")) {
                Optional.ofNullable(ENDED.get(TextCells.text(object, "status.phase")))
                        .ifPresent(condition -> row.putArray("conditions").add(condition));
            }
            included(resource, object, include).ifPresent(part -> row.set("object", part));
        }
        return table;
    }

    private static Optional<JsonNode> included(Resource resource, ObjectNode object, Include include) {
        return switch (include) {
            case NONE -> Optional.empty();
            case METADATA -> {
                ObjectNode part = JsonNodeFactory.instance.objectNode();
                part.put("kind", "PartialObjectMetadata").put("apiVersion", META_VERSION);
                part.set("metadata", object.path("metadata"));
                yield Optional.of(part);
            }
            case OBJECT -> {
                ObjectNode whole = JsonNodeFactory.instance.objectNode();
                whole.put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
                object.properties().forEach(field -> {
                    if (!whole.has(field.getKey())) {
                        whole.set(field.getKey(), field.getValue());
                    }
                });
                yield Optional.of(whole);
            }
        };
    }

    private static ObjectNode ended(String reason, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "Completed")
                .put("status", "True")
                .put("reason", reason)
                .put("message", message);
    }

    private static List<Shown> shown(Resource resource) {
        List<Shown> own = BY_KIND.get(Parts.subject(resource));
        return own != null ? own : BY_KIND.getOrDefault(ANY, List.of());
    }

    private static Map<String, List<Shown>> read() {
        Map<String, List<List<String>>> sections = TextTable.sections(Tables.class, "columns.txt");
        List<String> name = sections.getOrDefault(ANY, List.of()).getFirst();
        Map<String, List<Shown>> kinds = new HashMap<>();
        sections.forEach((subject, rows) -> kinds.put(
                subject,
                rows.stream()
                        .map(row -> row.equals(List.of("Name")) ? name : row)
                        .map(row -> row.equals(List.of("Age")) ? AGE : shown(row))
                        .toList()));
        return kinds;
    }

    private static Shown shown(List<String> row) {
        String[] type = row.get(1).split("/");
        Column column = new Column(
                row.get(0), type[0], type.length > 1 ? type[1] : "", Integer.parseInt(row.get(2)), row.get(4));
        return new Shown(column, Cell.read(row.get(3)));
    }
}
