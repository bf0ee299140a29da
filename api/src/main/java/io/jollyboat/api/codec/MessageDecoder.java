package io.jollyboat.api.codec;

import io.jollyboat.api.schema.Definition;
import io.jollyboat.api.schema.Definition.Row;
import io.jollyboat.api.schema.Definition.Shape;
import io.jollyboat.api.schema.SchemaTable;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns messages into the JSON that Go would write for them, by the field numbers of the schema table.
 *
 * <p>Go's protobuf writes zero values of fields that are no pointers, its JSON leaves them out where they are optional:
 * so they are dropped here, and zeros of pointer fields ({@code replicas: 0}) are kept.
 */
final class MessageDecoder {
    /** Messages may lie this deep in each other; only JSON schemas in custom resource definitions come near. */
    static final int DEPTH_LIMIT = 200;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Map<String, Map<Integer, Row>> ROWS = new ConcurrentHashMap<>();

    private final SchemaTable table;

    MessageDecoder(SchemaTable table) {
        this.table = table;
    }

    /** Reads the fields of a message into an object. */
    void into(ObjectNode object, Definition definition, Wire message, int depth) {
        if (depth > DEPTH_LIMIT) {
            throw new SyntaxException("proto: exceeded max recursion depth of " + DEPTH_LIMIT);
        }
        Map<Integer, Row> rows = ROWS.computeIfAbsent(definition.name(), n -> byNumber(definition));
        while (message.next()) {
            Row row = rows.get(message.number());
            if (row == null) {
                message.skip();
            } else if (row.inline()) {
                message.expect(Wire.BYTES);
                into(object, table.the(row.element()), message.message(), depth + 1);
            } else {
                field(object, row, message, depth);
            }
        }
    }

    private static Map<Integer, Row> byNumber(Definition definition) {
        Map<Integer, Row> rows = new HashMap<>();
        for (Row row : definition.rows()) {
            if (row.number() != 0) {
                rows.put(row.number(), row);
            }
        }
        return rows;
    }

    private void field(ObjectNode object, Row row, Wire message, int depth) {
        switch (row.shape()) {
            case MAP -> {
                message.expect(Wire.BYTES);
                entry(object.withObjectProperty(row.name()), row, message.message(), depth);
            }
            case LIST -> {
                ArrayNode list = object.withArrayProperty(row.name());
                boolean packed = message.type() == Wire.BYTES && isNumber(row.element());
                if (packed) {
                    Wire packedValues = message.message();
                    while (packedValues.hasMore()) {
                        list.add(number(row.element(), packedValues));
                    }
                } else {
                    list.add(element(row, message, depth));
                }
            }
            case ONE -> {
                JsonNode value = element(row, message, depth);
                if (leftOut(value, row)) {
                    object.remove(row.name());
                } else {
                    object.set(row.name(), value);
                }
            }
        }
    }

    private void entry(ObjectNode map, Row row, Wire entry, int depth) {
        String key = "";
        Optional<JsonNode> value = Optional.empty();
        while (entry.next()) {
            switch (entry.number()) {
                case 1 -> key = entry.text();
                case 2 -> value = Optional.of(element(row, entry, depth));
                default -> entry.skip();
            }
        }
        map.set(key, value.orElseGet(() -> zero(row)));
    }

    /** The zero of an element that Go's map has without a value in the message. */
    private JsonNode zero(Row row) {
        if (row.isReference()) {
            return row.shape() == Shape.MAP && table.the(row.element()).list() ? NODES.arrayNode() : NODES.objectNode();
        }
        return switch (row.element()) {
            case "bool" -> NODES.booleanNode(false);
            case "int32", "int64", "double" -> NODES.numberNode(0);
            default -> NODES.stringNode("");
        };
    }

    private JsonNode element(Row row, Wire at, int depth) {
        if (row.isReference()) {
            at.expect(Wire.BYTES);
            return message(table.the(row.element()), at.message(), depth + 1);
        }
        return switch (row.element()) {
            case "string" -> {
                at.expect(Wire.BYTES);
                yield NODES.stringNode(at.text());
            }
            case "bytes" -> {
                at.expect(Wire.BYTES);
                yield NODES.stringNode(Base64.getEncoder().encodeToString(at.bytes()));
            }
            default -> {
                at.expect(row.element().equals("double") ? Wire.FIXED64 : Wire.VARINT);
                yield number(row.element(), at);
            }
        };
    }

    private static boolean isNumber(String element) {
        return element.equals("int32") || element.equals("int64") || element.equals("bool") || element.equals("double");
    }

    private static JsonNode number(String type, Wire at) {
        return switch (type) {
            case "bool" -> NODES.booleanNode(at.varint() != 0);
            case "double" -> NODES.numberNode(Double.longBitsToDouble(at.fixed(8)));
            case "int32" -> NODES.numberNode((int) at.varint());
            default -> JsonBody.integer(at.varint());
        };
    }

    private JsonNode message(Definition definition, Wire message, int depth) {
        if (definition.scalar().isPresent()) {
            return new ScalarMessage(this, definition, depth)
                    .read(message, definition.scalar().get());
        }
        if (definition.list()) {
            ArrayNode list = NODES.arrayNode();
            while (message.next()) {
                if (message.number() == 1) {
                    list.add(message.text());
                } else {
                    message.skip();
                }
            }
            return list;
        }
        ObjectNode object = NODES.objectNode();
        into(object, definition, message, depth);
        return object;
    }

    /** The object of another definition in the same package. */
    JsonNode sibling(Definition of, String name, Wire message, int depth) {
        String home = of.name().substring(0, of.name().lastIndexOf('.') + 1);
        return message(table.the(home + name), message, depth);
    }

    private static boolean leftOut(JsonNode value, Row row) {
        if (value.isNull()) {
            return true;
        }
        if (row.pointer() || row.always()) {
            return false;
        }
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue().isEmpty() || isZeroQuantity(row, value.stringValue());
            case NUMBER -> value.doubleValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            case ARRAY -> value.isEmpty();
            case OBJECT, POJO, NULL, MISSING, BINARY -> false;
        };
    }

    private static boolean isZeroQuantity(Row row, String text) {
        return row.element().endsWith(".Quantity") && text.equals("0");
    }
}
