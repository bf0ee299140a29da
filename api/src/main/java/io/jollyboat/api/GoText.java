package io.jollyboat.api;

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
            text.append(value.isNull() ? "<nil>" : value.asString());
        }
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
