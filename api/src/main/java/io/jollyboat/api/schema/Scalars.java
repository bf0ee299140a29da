package io.jollyboat.api.schema;

import io.jollyboat.api.WrittenNumber;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Which JSON values a plain type takes, and what Go's decoder says of the others. */
final class Scalars {
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?\\d+)");
    private static final Pattern DURATION = Pattern.compile("[+-]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final BigInteger INT32_MIN = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final BigInteger INT32_MAX = BigInteger.valueOf(Integer.MAX_VALUE);
    private static final BigInteger INT64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger INT64_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private Scalars() {}

    /**
     * What is wrong with a value.
     *
     * @param said Go's words before the place
     * @param goType the wanted type, "" where the words are complete without a place
     * @param converted what is said where a tree, not a text, is turned into Go's types
     */
    record Complaint(String said, String goType, String converted) {
        /** Of a text that does not say what it should, wherever it stands. */
        Complaint(String said) {
            this(said, "", said);
        }

        /** @param named what Go calls the type of the field, where that is a name of its own */
        String text(String place, Optional<String> named) {
            return goType.isEmpty()
                    ? said
                    : said + " into Go struct field " + place + " of type " + named.orElse(goType);
        }
    }

    /** Empty when the type takes the value. */
    static Optional<Complaint> complaint(JsonNode value, Type.Scalar type) {
        return switch (type) {
            case STRING -> value.isString() ? Optional.empty() : Optional.of(mismatch(value, type));
            case BOOLEAN -> value.isBoolean() ? Optional.empty() : Optional.of(mismatch(value, type));
            case DOUBLE ->
                value.isNumber() && !isTooLarge(value) ? Optional.empty() : Optional.of(mismatch(value, type));
            case INT32, INT64 -> fits(value, type) ? Optional.empty() : Optional.of(mismatch(value, type));
            case BYTES -> bytes(value, type);
            case TIME -> time(value, "2006-01-02T15:04:05Z07:00");
            case MICRO_TIME -> time(value, "2006-01-02T15:04:05.000000Z07:00");
            case QUANTITY -> quantity(value);
            case DURATION -> duration(value);
            case INT_OR_STRING ->
                value.isString() || fits(value, Type.Scalar.INT32)
                        ? Optional.empty()
                        : Optional.of(alone(value, Type.Scalar.INT32));
            case ANY -> tooLarge(value).map(number -> mismatch(number, Type.Scalar.DOUBLE));
        };
    }

    /** A value of another JSON type than the wanted one. */
    static Complaint mismatch(JsonNode value, Type type) {
        return new Complaint(
                "json: cannot unmarshal " + goName(value, type), GoType.name(type), unconverted(value, type));
    }

    private static String unconverted(JsonNode value, Type type) {
        String from = kind(value);
        return switch (type) {
            case Type.Struct _ -> "cannot restore struct from: " + from;
            case Type.MapOf _ -> "cannot restore map from " + from;
            case Type.ListOf _ -> "cannot restore slice from " + from;
            case Type.Scalar.BYTES -> "cannot restore slice from " + from;
            case Type.Scalar scalar -> {
                boolean close = scalar == Type.Scalar.STRING
                        ? isLong(value)
                        : scalar != Type.Scalar.BOOLEAN && value.isNumber();
                yield close
                        ? "cannot convert " + from + " to " + GoType.name(type)
                        : "unrecognized type: " + GoType.name(type);
            }
        };
    }

    /** What Go calls the kind of a value that it keeps without a type. */
    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BINARY -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> isLong(value) ? "int64" : "float64";
            case ARRAY -> "slice";
            case OBJECT, POJO -> "map";
            case NULL, MISSING -> "nil";
        };
    }

    /** Of types that decode themselves: what they want they read as a plain type. */
    private static Complaint alone(JsonNode value, Type.Scalar plain) {
        String said = "json: cannot unmarshal " + goName(value, plain);
        String goType = GoType.name(plain);
        return new Complaint(said, goType, said + " into Go value of type " + goType);
    }

    private static String goName(JsonNode value, Type wanted) {
        return switch (value.getNodeType()) {
            case STRING, BINARY -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> isNumber(wanted) ? "number " + WrittenNumber.text(value) : "number";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NULL, MISSING -> "null";
        };
    }

    private static boolean isNumber(Type type) {
        return type == Type.Scalar.INT32 || type == Type.Scalar.INT64 || type == Type.Scalar.DOUBLE;
    }

    private static boolean fits(JsonNode value, Type.Scalar type) {
        if (!value.isIntegralNumber()) {
            return false;
        }
        BigInteger number = value.bigIntegerValue();
        return type == Type.Scalar.INT32
                ? number.compareTo(INT32_MIN) >= 0 && number.compareTo(INT32_MAX) <= 0
                : number.compareTo(INT64_MIN) >= 0 && number.compareTo(INT64_MAX) <= 0;
    }

    private static Optional<Complaint> bytes(JsonNode value, Type.Scalar type) {
        if (!value.isString()) {
            return Optional.of(mismatch(value, type));
        }
        String text = value.stringValue().replace("\r", "").replace("\n", "");
        int bad = firstNotBase64(text);
        return bad < 0 ? Optional.empty() : Optional.of(new Complaint("illegal base64 data at input byte " + bad));
    }

    private static int firstNotBase64(String text) {
        try {
            if (text.length() % 4 == 0) {
                Base64.getDecoder().decode(text);
                return -1;
            }
        } catch (IllegalArgumentException e) {
            // Where it is wrong is found below.
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/');
            if (!letter && !(c == '=' && i >= text.length() - 2)) {
                return i;
            }
        }
        return text.length() - text.length() % 4;
    }

    private static Optional<Complaint> time(JsonNode value, String layout) {
        if (!value.isString()) {
            return Optional.of(alone(value, Type.Scalar.STRING));
        }
        String text = value.stringValue();
        if (isTime(text)) {
            return Optional.empty();
        }
        String said = "parsing time \"%s\" as \"%s\": cannot parse \"%s\" as \"2006\"".formatted(text, layout, text);
        return Optional.of(new Complaint(said));
    }

    /** A moment as RFC 3339 writes it, which is stricter than ISO 8601. */
    private static boolean isTime(String text) {
        try {
            return TIME.matcher(text).matches() && OffsetDateTime.parse(text).getYear() >= 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Optional<Complaint> quantity(JsonNode value) {
        String text = value.isNumber() ? WrittenNumber.text(value) : value.isString() ? value.stringValue() : "";
        return QUANTITY.matcher(text).matches() && !isTooLarge(value)
                ? Optional.empty()
                : Optional.of(new Complaint("quantities must match the regular expression "
                        + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
    }

    private static boolean isLong(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong();
    }

    private static boolean isTooLarge(JsonNode value) {
        return value instanceof WrittenNumber number && !number.isFinite();
    }

    /** The first number of a tree that has no value. */
    private static Optional<JsonNode> tooLarge(JsonNode tree) {
        return isTooLarge(tree)
                ? Optional.of(tree)
                : tree.valueStream().flatMap(each -> tooLarge(each).stream()).findFirst();
    }

    private static Optional<Complaint> duration(JsonNode value) {
        if (!value.isString()) {
            return Optional.of(alone(value, Type.Scalar.STRING));
        }
        String text = value.stringValue();
        return DURATION.matcher(text).matches()
                ? Optional.empty()
                : Optional.of(new Complaint("time: invalid duration \"" + text + "\""));
    }
}
