package io.jollyboat.api.openapi;

import io.jollyboat.api.schema.Definition;
import io.jollyboat.api.schema.Definition.Row;
import io.jollyboat.api.schema.Definition.Shape;
import io.jollyboat.api.schema.SchemaTable;
import io.jollyboat.api.schema.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes definitions as OpenAPI schemas, each with all that it refers to. */
final class Schemas {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    /** Kinds of the meta group that every group and version has. */
    private static final Set<String> EVERYWHERE = Set.of(META + "DeleteOptions", META + "WatchEvent");

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final SchemaTable table;
    private final Descriptions descriptions;
    private final ValueWords words = ValueWords.read();
    private final Dialect dialect;

    Schemas(SchemaTable table, Descriptions descriptions, Dialect dialect) {
        this.table = table;
        this.descriptions = descriptions;
        this.dialect = dialect;
    }

    /** The schemas of these definitions and of those they need, by name. */
    ObjectNode closure(Set<String> roots) {
        TreeMap<String, ObjectNode> found = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(new TreeSet<>(roots));
        while (!open.isEmpty()) {
            String name = open.pop();
            Definition definition = table.the(name);
            if (!found.containsKey(name)) {
                found.put(name, schema(definition));
                rows(definition, name).stream()
                        .filter(r -> r.row().isReference())
                        .map(r -> table.the(r.row().element()))
                        .filter(d -> !d.list())
                        .forEach(d -> open.push(d.name()));
            }
        }
        ObjectNode schemas = NODES.objectNode();
        found.forEach(schemas::set);
        return schemas;
    }

    ObjectNode schema(Definition definition) {
        ObjectNode schema = NODES.objectNode();
        describe(schema, descriptions.of(definition.name()));
        if (definition.scalar().isPresent()) {
            scalar(schema, definition, definition.scalar().get());
            return schema;
        }
        TreeMap<String, ObjectNode> sorted = new TreeMap<>();
        ArrayNode required = NODES.arrayNode();
        for (Outer outer : rows(definition, definition.name())) {
            Row row = outer.row();
            sorted.put(row.name(), property(row, descriptions.of(outer.definition(), row.name())));
            if (row.required()) {
                required.add(row.name());
            }
        }
        if (!sorted.isEmpty()) {
            ObjectNode properties = schema.putObject("properties");
            sorted.forEach(properties::set);
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        schema.put("type", "object");
        if (definition.atomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        ArrayNode kinds = kinds(definition);
        if (!kinds.isEmpty()) {
            schema.set("x-kubernetes-group-version-kind", kinds);
        }
        return schema;
    }

    /** A field and the definition that describes it, which differs from the outer one for embedded structs. */
    private record Outer(String definition, Row row) {}

    private List<Outer> rows(Definition definition, String describedBy) {
        List<Outer> rows = new ArrayList<>();
        for (Row row : definition.rows()) {
            if (row.inline()) {
                rows.addAll(rows(table.the(row.element()), row.element()));
            } else {
                rows.add(new Outer(describedBy, row));
            }
        }
        return rows;
    }

    private ObjectNode property(Row row, String description) {
        ObjectNode property = switch (row.shape()) {
            case ONE -> one(row);
            case LIST -> {
                ObjectNode list = NODES.objectNode();
                list.set("items", element(row));
                yield list.put("type", "array");
            }
            case MAP -> {
                ObjectNode map = NODES.objectNode();
                map.set("additionalProperties", element(row));
                yield map.put("type", "object");
            }
        };
        describe(property, row.shape() == Shape.ONE ? words.describe(description, row.values()) : description);
        merging(property, row);
        return property;
    }

    private ObjectNode one(Row row) {
        ObjectNode value = bare(row.element());
        boolean v3 = dialect == Dialect.V3;
        if (value.has("$ref")) {
            boolean struct = table.the(row.element()).scalar().isEmpty();
            return v3 ? allOf(value, struct && !row.pointer()) : value;
        }
        choices(value, row);
        if (v3) {
            if (!row.defaultJson().isEmpty()) {
                value.set("default", JSON.readTree(row.defaultJson()));
            } else if (row.always() && !row.pointer() && !row.isReference()) {
                zero(value, row.element());
            }
        }
        return value;
    }

    private ObjectNode element(Row row) {
        ObjectNode value = bare(row.element());
        choices(value, row);
        if (dialect == Dialect.V3) {
            if (value.has("$ref")) {
                boolean struct = table.the(row.element()).scalar().isEmpty();
                return struct ? allOf(value, true) : value;
            }
            zero(value, row.element());
        }
        return value;
    }

    private static void choices(ObjectNode value, Row row) {
        if (!row.values().isEmpty()) {
            ArrayNode values = value.putArray("enum");
            row.values().stream().sorted().forEach(values::add);
        }
    }

    private static ObjectNode allOf(ObjectNode reference, boolean empty) {
        ObjectNode value = NODES.objectNode();
        value.putArray("allOf").add(reference);
        if (empty) {
            value.putObject("default");
        }
        return value;
    }

    private static void zero(ObjectNode schema, String element) {
        switch (element) {
            case "string" -> schema.put("default", "");
            case "int32", "int64", "double" -> schema.put("default", 0);
            case "bool" -> schema.put("default", false);
            default -> {
                // Go has no zero to show for bytes and lists.
            }
        }
    }

    private ObjectNode bare(String element) {
        ObjectNode schema = NODES.objectNode();
        if (element.indexOf('.') >= 0) {
            if (table.the(element).list()) {
                schema.set("items", dialect == Dialect.V3 ? text().put("default", "") : text());
                return schema.put("type", "array");
            }
            return schema.put("$ref", dialect.reference(element));
        }
        return switch (element) {
            case "string" -> schema.put("type", "string");
            case "int32", "int64" -> schema.put("format", element).put("type", "integer");
            case "double" -> schema.put("format", "double").put("type", "number");
            case "bool" -> schema.put("type", "boolean");
            case "bytes" -> schema.put("format", "byte").put("type", "string");
            default -> throw new IllegalStateException("the schema table has an unknown type " + element);
        };
    }

    private static ObjectNode text() {
        return NODES.objectNode().put("type", "string");
    }

    private static void merging(ObjectNode property, Row row) {
        if (!row.list().isEmpty()) {
            property.put(row.shape() == Shape.LIST ? "x-kubernetes-list-type" : "x-kubernetes-map-type", row.list());
        }
        if (row.list().equals("map")) {
            ArrayNode keys = property.putArray("x-kubernetes-list-map-keys");
            row.keys().forEach(keys::add);
        }
        List<String> strategy = new ArrayList<>();
        if (row.strategic().merge()) {
            strategy.add("merge");
        }
        if (row.strategic().replaceMap()) {
            strategy.add("replace");
        }
        if (row.strategic().retainKeys()) {
            strategy.add("retainKeys");
        }
        if (!row.strategic().mergeKey().isEmpty()) {
            property.put("x-kubernetes-patch-merge-key", row.strategic().mergeKey());
        }
        if (!strategy.isEmpty()) {
            property.put("x-kubernetes-patch-strategy", String.join(",", strategy));
        }
    }

    private void scalar(ObjectNode schema, Definition definition, Type.Scalar scalar) {
        switch (scalar) {
            case TIME, MICRO_TIME -> schema.put("format", "date-time").put("type", "string");
            case DURATION -> schema.put("type", "string");
            case QUANTITY -> either(schema, "string", "number");
            case INT_OR_STRING -> {
                schema.put("format", "int-or-string");
                either(schema, "integer", "string");
            }
            case ANY -> {
                if (!definition.name().contains(".JSON")) {
                    schema.put("type", "object");
                }
            }
            case STRING, INT32, INT64, DOUBLE, BOOLEAN, BYTES ->
                throw new IllegalStateException(definition.name() + " is no message");
        }
    }

    private void either(ObjectNode schema, String one, String other) {
        if (dialect == Dialect.V2) {
            schema.put("type", "string");
            return;
        }
        ArrayNode types = schema.putArray("oneOf");
        types.addObject().put("type", one);
        types.addObject().put("type", other);
    }

    private static void describe(ObjectNode schema, String description) {
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
    }

    private ArrayNode kinds(Definition definition) {
        ArrayNode kinds = NODES.arrayNode();
        String kind = definition.name().substring(definition.name().lastIndexOf('.') + 1);
        boolean everywhere = EVERYWHERE.contains(definition.name());
        if (!everywhere && !definition.isKind()) {
            return kinds;
        }
        boolean meta = definition.name().startsWith(META);
        for (String apiVersion : new TreeSet<>(table.apiVersions())) {
            boolean own = !meta
                    && table.kind(apiVersion, kind)
                            .filter(d -> d.name().equals(definition.name()))
                            .isPresent();
            boolean shared = meta && (everywhere && !apiVersion.startsWith("meta.") || apiVersion.equals("v1"));
            if (own || shared) {
                kinds.add(Kinds.groupVersionKind(apiVersion, kind));
            }
        }
        return kinds;
    }
}
