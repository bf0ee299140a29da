package io.jollyboat.api.codec;

import io.jollyboat.api.schema.Definition;
import io.jollyboat.api.schema.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the messages that JSON writes as one value: times, quantities, numbers-or-texts, embedded JSON. */
final class ScalarMessage {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private final MessageDecoder decoder;
    private final Definition definition;
    private final int depth;

    ScalarMessage(MessageDecoder decoder, Definition definition, int depth) {
        this.decoder = decoder;
        this.definition = definition;
        this.depth = depth;
    }

    /** The value, null where an empty message stands for unset. */
    JsonNode read(Wire message, Type.Scalar type) {
        return switch (type) {
            case TIME -> time(message, SECONDS);
            case MICRO_TIME -> time(message, MICROS);
            case INT_OR_STRING -> intOrString(message);
            case QUANTITY -> quantity(message);
            case DURATION -> duration(message);
            case ANY -> any(message);
            case STRING, INT32, INT64, DOUBLE, BOOLEAN, BYTES ->
                throw new IllegalStateException(definition.name() + " is no message of type " + type);
        };
    }

    private static JsonNode time(Wire message, DateTimeFormatter format) {
        if (!message.hasMore()) {
            return NODES.nullNode();
        }
        long seconds = 0;
        long nanos = 0;
        while (message.next()) {
            switch (message.number()) {
                case 1 -> seconds = message.varint();
                case 2 -> nanos = message.varint();
                default -> message.skip();
            }
        }
        try {
            Instant time = Instant.ofEpochSecond(seconds, nanos);
            if (!time.isBefore(YEAR_0) && time.isBefore(YEAR_10000)) {
                return NODES.stringNode(format.format(time));
            }
        } catch (DateTimeException | ArithmeticException e) {
            // beyond all years: told below
        }
        throw new SyntaxException("Time.MarshalJSON: year outside of range [0,9999]");
    }

    private static JsonNode intOrString(Wire message) {
        boolean text = false;
        int number = 0;
        String string = "";
        while (message.next()) {
            switch (message.number()) {
                case 1 -> text = message.varint() == 1;
                case 2 -> number = (int) message.varint();
                case 3 -> string = message.text();
                default -> message.skip();
            }
        }
        return text ? NODES.stringNode(string) : NODES.numberNode(number);
    }

    private static JsonNode quantity(Wire message) {
        String text = "";
        while (message.next()) {
            if (message.number() == 1) {
                text = message.text();
            } else {
                message.skip();
            }
        }
        return NODES.stringNode(text.isEmpty() ? "0" : text);
    }

    private static JsonNode duration(Wire message) {
        long nanos = 0;
        while (message.next()) {
            if (message.number() == 1) {
                nanos = message.varint();
            } else {
                message.skip();
            }
        }
        return NODES.stringNode(GoDuration.text(nanos));
    }

    private JsonNode any(Wire message) {
        String name = definition.name().substring(definition.name().lastIndexOf('.') + 1);
        return switch (name) {
            case "RawExtension" -> ProtobufBody.embedded(onlyBytes(message), depth);
            case "FieldsV1", "JSON" -> ProtobufBody.any(onlyBytes(message));
            case "JSONSchemaPropsOrBool" -> schemaOrBool(message);
            case "JSONSchemaPropsOrArray", "JSONSchemaPropsOrStringArray" -> schemaOrList(message, name);
            default -> throw new IllegalStateException(definition.name() + " has no reader");
        };
    }

    private static byte[] onlyBytes(Wire message) {
        byte[] bytes = {};
        while (message.next()) {
            if (message.number() == 1) {
                bytes = message.bytes();
            } else {
                message.skip();
            }
        }
        return bytes;
    }

    private JsonNode schemaOrBool(Wire message) {
        JsonNode found = NODES.booleanNode(false);
        while (message.next()) {
            switch (message.number()) {
                case 1 -> {
                    boolean allows = message.varint() != 0;
                    found = found instanceof ObjectNode ? found : NODES.booleanNode(allows);
                }
                case 2 -> found = schema(message);
                default -> message.skip();
            }
        }
        return found;
    }

    private JsonNode schemaOrList(Wire message, String name) {
        List<JsonNode> list = new ArrayList<>();
        while (message.next()) {
            switch (message.number()) {
                case 1 -> {
                    return schema(message);
                }
                case 2 ->
                    list.add(
                            name.equals("JSONSchemaPropsOrArray") ? schema(message) : NODES.stringNode(message.text()));
                default -> message.skip();
            }
        }
        ArrayNode array = NODES.arrayNode();
        list.forEach(array::add);
        return list.isEmpty() ? NODES.nullNode() : array;
    }

    private JsonNode schema(Wire message) {
        return decoder.sibling(definition, "JSONSchemaProps", message.message(), depth + 1);
    }
}
