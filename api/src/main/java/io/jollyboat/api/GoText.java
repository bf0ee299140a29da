package io.jollyboat.api;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Writes values as Kubernetes' messages show them, which is as Go prints them. */
public final class GoText {
    private GoText() {}

    /** {@code map[name:web ports:[80 443]]}. */
    public static String of(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            value.forEachEntry(sorted::put);
            text.append("map[");
            String separator = "";
            for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
                text.append(separator).append(entry.getKey()).append(':');
                write(entry.getValue(), text);
                separator = " ";
            }
            text.append(']');
        } else if (value.isArray()) {
            text.append('[');
            String separator = "";
            for (JsonNode element : value) {
                text.append(separator);
                write(element, text);
                separator = " ";
            }
            text.append(']');
        } else {
            text.append(value.isNull() ? "<nil>" : isReal(value) ? real(value.doubleValue()) : value.asString());
        }
    }

    /** Go keeps what is no whole number of 64 bits as a real one. */
    private static boolean isReal(JsonNode value) {
        return value.isNumber() && !(value.isIntegralNumber() && value.canConvertToLong());
    }

    /** A real number as messages show it: {@code 1.5}, {@code 1e+06}. */
    public static String real(double value) {
        return real(value, -4, 6, 2);
    }

    /** A real number as Go's JSON has it: {@code 1000000}, {@code 1e+21}, {@code 1e-7}. */
    public static String json(double value) {
        return real(value, -6, 21, 1);
    }

    /** With the fewest digits; with an exponent below the first limit and from the second on. */
    private static String real(double value, int least, int most, int exponentDigits) {
        BigDecimal number = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
        if (exponent >= least && exponent < most) {
            return (number.signum() == 0 && 1 / value < 0 ? "-" : "") + number.toPlainString();
        }
        return number.movePointLeft(exponent).toPlainString()
                + (exponent < 0 ? "e-" : "e+")
                + String.format(Locale.ROOT, "%0" + exponentDigits + "d", Math.abs(exponent));
    }

    /** A text in quotation marks, with Go's escapes: {@code "a\nb"}. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> quoted.append(c == '"' ? "\\\"" : escaped(c)));
        return quoted.append('"').toString();
    }

    /** One character of a text or of a message, as it is where it can be printed. */
    public static String escaped(int character) {
        return switch (character) {
            case '\\' -> "\\\\";
            case 7 -> "\\a";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case 11 -> "\\v";
            default -> {
                if (character < ' ' || character == 0x7f) {
                    yield "\\x%02x".formatted(character);
                }
                if (isPrinted(character)) {
                    yield Character.toString(character);
                }
                yield (character < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(character);
            }
        };
    }

    private static boolean isPrinted(int character) {
        return character == ' '
                || switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }
}
