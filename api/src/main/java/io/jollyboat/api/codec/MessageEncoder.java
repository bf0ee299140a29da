package io.jollyboat.api.codec;

import io.jollyboat.api.schema.Definition;
import io.jollyboat.api.schema.Definition.Row;
import io.jollyboat.api.schema.SchemaTable;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns JSON into messages, by the field numbers of the schema table: what {@link MessageDecoder} reads. Fields that the
 * table does not know are left out.
 */
final class MessageEncoder {
    private final SchemaTable table;

    MessageEncoder(SchemaTable table) {
        this.table = table;
    }

    Sink message(Definition definition, JsonNode value) {
        Sink out = new Sink();
        if (definition.scalar().isPresent()) {
            scalar(out, definition, value);
        } else if (definition.list()) {
            value.forEach(text -> out.text(1, text.asString("")));
        } else {
            definition.rows().stream().filter(row -> row.number() != 0).forEach(row -> field(out, row, value));
        }
        return out;
    }

    private void field(Sink out, Row row, JsonNode object) {
        if (row.inline()) {
            out.message(row.number(), message(table.the(row.element()), object));
            return;
        }
        JsonNode value = object.path(row.name());
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        switch (row.shape()) {
            case ONE -> element(out, row.number(), row, value);
            case LIST -> value.forEach(one -> element(out, row.number(), row, one));
            case MAP -> {
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    Sink pair = new Sink();
                    pair.text(1, entry.getKey());
                    element(pair, 2, row, entry.getValue());
                    out.message(row.number(), pair);
                }
            }
        }
    }

    private void element(Sink out, int number, Row row, JsonNode value) {
        if (row.isReference()) {
            out.message(number, message(table.the(row.element()), value));
            return;
        }
        switch (row.element()) {
            case "string" -> out.text(number, value.asString(""));
            case "bytes" -> out.bytes(number, Base64.getMimeDecoder().decode(value.asString("")));
            case "bool" -> out.varint(number, value.asBoolean() ? 1 : 0);
            case "double" -> out.fixed64(number, Double.doubleToRawLongBits(value.asDouble()));
            default -> out.varint(number, value.asLong());
        }
    }

    private void scalar(Sink out, Definition definition, JsonNode value) {
        switch (definition.scalar().orElseThrow()) {
            case TIME, MICRO_TIME -> time(out, value.asString(""));
            case QUANTITY -> out.text(1, value.asString(""));
            case INT_OR_STRING -> {
                out.varint(1, value.isString() ? 1 : 0);
                out.varint(2, value.isString() ? 0 : value.asInt());
                out.text(3, value.isString() ? value.asString() : "");
            }
            case ANY -> any(out, definition, value);
            case DURATION, STRING, INT32, INT64, DOUBLE, BOOLEAN, BYTES ->
                throw new IllegalStateException(definition.name() + " stands in no kind");
        }
    }

    /** A text that is no time is left unset, as a client would leave it. */
    private static void time(Sink out, String text) {
        try {
            Instant time = Instant.parse(text);
            out.varint(1, time.getEpochSecond());
            out.varint(2, time.getNano());
        } catch (DateTimeParseException e) {
            // what is stored was checked; nothing is lost that could be read
        }
    }

    private void any(Sink out, Definition definition, JsonNode value) {
        String home = definition.name().substring(0, definition.name().lastIndexOf('.') + 1);
        switch (definition.name().substring(home.length())) {
            case "JSONSchemaPropsOrBool" -> {
                out.varint(1, value.isObject() || value.asBoolean() ? 1 : 0);
                if (value.isObject()) {
                    out.message(2, message(table.the(home + "JSONSchemaProps"), value));
                }
            }
            case "JSONSchemaPropsOrArray", "JSONSchemaPropsOrStringArray" -> {
                if (value.isObject()) {
                    out.message(1, message(table.the(home + "JSONSchemaProps"), value));
                }
                for (JsonNode one :
                        value.isArray() ? value : JsonMapper.shared().createArrayNode()) {
                    if (one.isString()) {
                        out.text(2, one.asString());
                    } else {
                        out.message(2, message(table.the(home + "JSONSchemaProps"), one));
                    }
                }
            }
            default -> out.bytes(1, JsonMapper.shared().writeValueAsBytes(value));
        }
    }
}
