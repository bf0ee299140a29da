package io.jollyboat.api;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Compares JSON trees as Kubernetes does: objects without order, numbers by value whatever their width. */
public final class Trees {
    /**
     * Objects and lists may lie this deep in each other. What is deeper is refused where it comes in, so that whatever
     * calls itself per level comes to an end, and answers, which wrap objects, can be written.
     */
    public static final int MOST_LEVELS = 400;

    /** Whole numbers below this are exact as a double: 2 to the power of 53. */
    private static final double EXACT_WHOLE = 0x1p53;

    private Trees() {}

    /** How deep objects and lists lie in each other: 0 for a plain value, 1 for an empty list. */
    public static int levels(JsonNode tree) {
        if (!tree.isContainer()) {
            return 0;
        }
        int deepest = 0;
        for (JsonNode child : tree) {
            deepest = Math.max(deepest, levels(child));
        }
        return deepest + 1;
    }

    /** Whether two trees say the same: {@code 1} and {@code 1.0} do, {@code 1} and {@code "1"} do not. */
    @SuppressWarnings("ReferenceEquality") // the same tree, often shared, need not be looked into
    public static boolean equal(JsonNode a, JsonNode b) {
        if (a == b) {
            return true;
        }
        if (a.isObject() && b.isObject()) {
            return equalObjects(a, b);
        }
        if (a.isArray() && b.isArray()) {
            return equalArrays(a, b);
        }
        return a.isNumber() && b.isNumber() ? equalNumbers(a, b) : a.equals(b);
    }

    private static boolean equalObjects(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> entry : a.properties()) {
            JsonNode other = b.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalArrays(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalNumbers(JsonNode a, JsonNode b) {
        return a.isIntegralNumber() && b.isIntegralNumber()
                ? a.bigIntegerValue().equals(b.bigIntegerValue())
                : a.doubleValue() == b.doubleValue();
    }

    /**
     * A text that is the same for scalars that are equal: what a list is searched by. Text begins with a quote, so
     * that {@code "1"} and {@code 1} differ.
     */
    public static String scalarKey(JsonNode scalar) {
        if (scalar.isString()) {
            return quoted(scalar.stringValue());
        }
        if (scalar.isInt() || scalar.isLong()) {
            return Long.toString(scalar.longValue());
        }
        if (!scalar.isNumber() || scalar.isIntegralNumber()) {
            return scalar.toString();
        }
        double number = scalar.doubleValue();
        boolean whole = number == Math.rint(number) && Math.abs(number) < EXACT_WHOLE;
        return whole ? Long.toString((long) number) : Double.toString(number);
    }

    /** A text as JSON; most need no escape, and then no writer either. */
    private static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return JsonNodeFactory.instance.stringNode(text).toString();
            }
        }
        return '"' + text + '"';
    }
}
