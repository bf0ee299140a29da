package io.jollyboat.api.codec;

import io.jollyboat.api.GoText;
import io.jollyboat.api.Trees;
import io.jollyboat.api.WrittenNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON and notices fields that stand twice in an object. */
final class JsonBody {
    /** A number may have this many digits. */
    static final int NUMBER_LIMIT = 1000;
    /** By so many bytes a parser guesses the character set. */
    private static final int LONGEST_MARK = 4;
    /** No more duplicates than this are reported. */
    static final int DUPLICATES_LIMIT = 100;

    private static final int REPLACEMENT = 0xfffd;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Trees.MOST_LEVELS)
                    .maxNumberLength(NUMBER_LIMIT)
                    .build())
            .build();

    private final JsonParser parser;
    private final StringBuilder path = new StringBuilder();
    private final List<String> duplicates;
    private final boolean typed;
    private JsonToken last = JsonToken.NOT_AVAILABLE;

    private JsonBody(JsonParser parser, List<String> duplicates, boolean typed) {
        this.parser = parser;
        this.duplicates = duplicates;
        this.typed = typed;
    }

    /** What a text holds, and which fields stand there twice. */
    record Parsed(JsonNode tree, List<String> duplicates) {}

    /** Any value at all. */
    static Parsed parse(byte[] body) {
        return parse(body, false);
    }

    /** Any value that is then read into a type: what is a number too large for a value, that says. */
    static Parsed parseTyped(byte[] body) {
        return parse(body, true);
    }

    private static Parsed parse(byte[] body, boolean typed) {
        refuseOtherCharacterSets(body);
        List<String> duplicates = new ArrayList<>();
        try (JsonParser parser = parser(body)) {
            return new Parsed(new JsonBody(parser, duplicates, typed).whole(body), duplicates);
        } catch (JacksonException e) {
            throw new SyntaxException(said(e, body));
        }
    }

    static JsonParser parser(byte[] body) {
        return FACTORY.createParser(ObjectReadContext.empty(), body);
    }

    /** JSON is UTF-8 without a mark; the parser would guess others by the first bytes. */
    private static void refuseOtherCharacterSets(byte[] body) {
        for (int i = 0; i < Math.min(body.length, LONGEST_MARK); i++) {
            if (body[i] == 0 || i == 0 && body[i] < 0) {
                throw new SyntaxException(
                        "invalid character '\\x%02x' looking for beginning of value".formatted(body[i]));
            }
        }
    }

    /** A text whose surrogates are all in pairs: for others stands what Go puts in their place, for they are no characters. */
    static String sound(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int[] characters = text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                        .toArray();
                return new String(characters, 0, characters.length);
            }
        }
        return text;
    }

    static String nameOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case OBJECT, POJO -> "object";
            case NULL, MISSING -> "null";
        };
    }

    private JsonNode whole(byte[] body) {
        if (next() == null) {
            throw new SyntaxException("unexpected end of JSON input");
        }
        JsonNode tree = value();
        if (next() != null) {
            throw new SyntaxException(JsonFault.in(body).orElse("invalid character after top-level value"));
        }
        return tree;
    }

    private @org.jspecify.annotations.Nullable JsonToken next() {
        JsonToken token = parser.nextToken();
        last = token == null ? JsonToken.NOT_AVAILABLE : token;
        return token;
    }

    private JsonNode value() {
        return switch (last) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.stringNode(sound(parser.getString()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> real();
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new SyntaxException("unexpected end of JSON input");
        };
    }

    private ObjectNode object() {
        ObjectNode object = NODES.objectNode();
        int length = path.length();
        while (next() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            path.append(length == 0 ? "" : ".").append(name);
            if (object.has(name) && duplicates.size() < DUPLICATES_LIMIT) {
                duplicates.add("duplicate field " + GoText.quoted(path.toString()));
            }
            next();
            object.set(name, value());
            path.setLength(length);
        }
        return object;
    }

    private ArrayNode array() {
        ArrayNode array = NODES.arrayNode();
        int length = path.length();
        while (next() != JsonToken.END_ARRAY) {
            path.append('[').append(array.size()).append(']');
            array.add(value());
            path.setLength(length);
        }
        return array;
    }

    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /** The same number is the same node, whatever it was read from. */
    static JsonNode integer(long value) {
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private JsonNode real() {
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number) && !typed) {
            throw new SyntaxException(
                    "json: cannot unmarshal number " + parser.getString() + " into Go value of type float64");
        }
        return new WrittenNumber(number, parser.getString());
    }

    /** A number with a fraction or exponent that is whole all the same, as Go writes it again. */
    static JsonNode number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e21;
        if (!whole) {
            return new WrittenNumber(value, GoText.json(value));
        }
        BigInteger integer = new BigDecimal(Double.toString(value)).toBigInteger();
        return integer.bitLength() > 63 ? NODES.numberNode(integer) : integer(integer.longValue());
    }

    /** What Go's parser says of the same fault. */
    private static String said(JacksonException e, byte[] body) {
        return e instanceof StreamConstraintsException
                ? "exceeded max depth or size: " + e.getOriginalMessage()
                : JsonFault.in(body).orElse(e.getOriginalMessage());
    }
}
