package io.jollyboat.api.schema;

import io.jollyboat.api.Resource;
import io.jollyboat.api.schema.Definition.Row;
import io.jollyboat.api.schema.Definition.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The schema of the built-in kinds, from the table. */
public final class BuiltInSchema implements Schema {
    private static final BuiltInSchema SCHEMA = new BuiltInSchema(SchemaTable.builtIn());

    private final SchemaTable table;
    private final Map<String, Type> types = new ConcurrentHashMap<>();

    BuiltInSchema(SchemaTable table) {
        this.table = table;
    }

    public static Schema schema() {
        return SCHEMA;
    }

    @Override
    public Optional<Type.Struct> type(Resource resource) {
        return type(resource.group(), resource.version(), resource.kind());
    }

    @Override
    public Optional<Type.Struct> type(String group, String version, String kind) {
        String apiVersion = group.isEmpty() ? version : group + "/" + version;
        return table.kind(apiVersion, kind).map(d -> (Type.Struct) type(d.name()));
    }

    /** By the definition's name; not called from within the making of a type, which is lazy. */
    private Type type(String definition) {
        return types.computeIfAbsent(definition, name -> {
            Definition found = table.the(name);
            if (found.scalar().isPresent()) {
                return found.scalar().get();
            }
            return found.list()
                    ? new Type.ListOf(Type.Scalar.STRING)
                    : new Type.Struct(name, found.atomic(), () -> fields(table.the(name)));
        });
    }

    private Map<String, Field> fields(Definition definition) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Row row : definition.rows()) {
            if (row.inline()) {
                fields(table.the(row.element()))
                        .forEach((name, field) -> fields.put(name, field.in(GoType.simpleName(row.element()))));
            } else {
                fields.put(row.name(), field(row));
            }
        }
        return Collections.unmodifiableMap(fields);
    }

    private Field field(Row row) {
        Type element = row.isReference() ? type(row.element()) : plain(row.element());
        Type type = switch (row.shape()) {
            case ONE -> element;
            case LIST -> new Type.ListOf(element);
            case MAP -> new Type.MapOf(element);
        };
        boolean value = row.shape() == Shape.ONE && !row.pointer();
        Optional<JsonNode> defaultValue =
                row.defaultJson().isEmpty() ? Optional.empty() : Optional.of(literal(row.defaultJson()));
        return new Field(
                row.name(),
                type,
                row.required(),
                row.strategic(),
                apply(row, type),
                row.keys(),
                defaultValue,
                !value,
                row.always(),
                row.values(),
                "");
    }

    private Field.Apply apply(Row row, Type type) {
        return switch (type) {
            case Type.Scalar scalar -> Field.Apply.ATOMIC;
            case Type.ListOf list ->
                switch (row.list()) {
                    case "set" -> Field.Apply.SET;
                    case "map" -> Field.Apply.MAP;
                    default -> Field.Apply.ATOMIC;
                };
            case Type.MapOf map -> row.list().equals("atomic") ? Field.Apply.ATOMIC : Field.Apply.GRANULAR;
            case Type.Struct struct -> {
                boolean atomic = row.list().isEmpty()
                        ? table.the(struct.name()).atomic()
                        : row.list().equals("atomic");
                yield atomic ? Field.Apply.ATOMIC : Field.Apply.GRANULAR;
            }
        };
    }

    static Type.Scalar plain(String word) {
        return switch (word) {
            case "string" -> Type.Scalar.STRING;
            case "int32" -> Type.Scalar.INT32;
            case "int64" -> Type.Scalar.INT64;
            case "double" -> Type.Scalar.DOUBLE;
            case "bool" -> Type.Scalar.BOOLEAN;
            case "bytes" -> Type.Scalar.BYTES;
            default -> throw new IllegalStateException("the schema table has an unknown type " + word);
        };
    }

    /** A default as the sources have them: a text without escapes, a whole number, a truth value. */
    static JsonNode literal(String json) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (json.startsWith("\"")) {
            return nodes.stringNode(json.substring(1, json.length() - 1));
        }
        return json.equals("true") || json.equals("false")
                ? nodes.booleanNode(json.equals("true"))
                : nodes.numberNode(Integer.parseInt(json));
    }
}
