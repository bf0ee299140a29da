package io.jollyboat.api.selectors;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.selectors.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of a label selector. The grammar is Kubernetes' (labels and selectors in its concepts):
 *
 * <pre>
 * selector    = [ requirement { "," requirement } ]
 * requirement = [ "!" ] key | key sign value | key ( "in" | "notin" ) "(" values ")"
 * sign        = "=" | "==" | "!=" | "&gt;" | "&lt;"
 * </pre>
 *
 * A value may be empty, and so may each of {@code values}. The words {@code in} and {@code notin} may also stand for
 * keys and values.
 */
final class LabelParser {
    private static final String END = "";
    private static final String SIGNS = "=!(),><";
    private static final Map<String, Operator> OPERATORS = Map.of(
            "in", Operator.IN,
            "notin", Operator.NOT_IN,
            "=", Operator.EQUALS,
            "==", Operator.DOUBLE_EQUALS,
            "!=", Operator.NOT_EQUALS,
            ">", Operator.GREATER_THAN,
            "<", Operator.LESS_THAN);

    private final List<String> tokens;
    private int at;

    LabelParser(String text) {
        tokens = tokens(text);
    }

    /** Cuts into signs and words; {@code ==} and {@code !=} are one sign each, white space only separates. */
    private static List<String> tokens(String text) {
        List<String> found = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (SIGNS.indexOf(c) >= 0) {
                boolean twin = (c == '=' || c == '!') && end < text.length() && text.charAt(end) == '=';
                end += twin ? 1 : 0;
                found.add(text.substring(at, end));
            } else if (!isSpace(c)) {
                while (end < text.length() && SIGNS.indexOf(text.charAt(end)) < 0 && !isSpace(text.charAt(end))) {
                    end++;
                }
                found.add(text.substring(at, end));
            }
            at = end;
        }
        return found;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** The requirements as they stand. */
    List<Requirement> parse() {
        List<Requirement> found = new ArrayList<>();
        if (peek().equals(END)) {
            return found;
        }
        if (!isWord(peek()) && !peek().equals("!")) {
            throw expected(peek(), "!, identifier, or 'end of string'");
        }
        while (true) {
            found.add(requirement());
            String next = take();
            if (next.equals(END)) {
                return found;
            }
            if (!next.equals(",")) {
                throw expected(next, "',' or 'end of string'");
            }
            if (!isWord(peek()) && !peek().equals("!")) {
                throw expected(peek(), "identifier after ','");
            }
        }
    }

    private Requirement requirement() {
        try {
            return requirementAlone();
        } catch (StatusException e) {
            throw StatusException.badRequest("unable to parse requirement: " + e.getMessage());
        }
    }

    private Requirement requirementAlone() {
        boolean negated = peek().equals("!");
        if (negated) {
            take();
        }
        String key = take();
        if (!isWord(key)) {
            throw expected(key, "identifier");
        }
        List<String> wrong = NameRules.qualified(key);
        if (!wrong.isEmpty()) {
            throw StatusException.badRequest("<nil>: Invalid value: \"" + key + "\": " + String.join("; ", wrong));
        }
        if (negated || peek().equals(END) || peek().equals(",")) {
            Operator operator = negated ? Operator.DOES_NOT_EXIST : Operator.EXISTS;
            return Requirement.checked("key", key, operator, List.of());
        }
        String sign = take();
        Operator operator = OPERATORS.get(sign);
        if (operator == null) {
            throw expected(sign, "in, notin, =, ==, !=, gt, lt");
        }
        boolean list = operator == Operator.IN || operator == Operator.NOT_IN;
        return Requirement.checked("key", key, operator, list ? values() : List.of(value()));
    }

    private String value() {
        if (peek().equals(END) || peek().equals(",")) {
            return "";
        }
        String value = take();
        if (!isWord(value)) {
            throw expected(value, "identifier");
        }
        return value;
    }

    /** What stands in parentheses; an empty place between commas is the empty value. */
    private List<String> values() {
        String open = take();
        if (!open.equals("(")) {
            throw StatusException.badRequest("found '" + open + "' expected: '('");
        }
        List<String> found = new ArrayList<>();
        while (true) {
            found.add(isWord(peek()) ? take() : "");
            String next = take();
            if (next.equals(")")) {
                return found;
            }
            if (!next.equals(",")) {
                throw expected(next, found.getLast().isEmpty() ? "',', ')' or identifier" : "',' or ')'");
            }
        }
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : END;
    }

    private String take() {
        String token = peek();
        at++;
        return token;
    }

    private static boolean isWord(String token) {
        return !token.isEmpty() && SIGNS.indexOf(token.charAt(0)) < 0;
    }

    private static StatusException expected(String found, String expected) {
        return StatusException.badRequest("found '" + found + "', expected: " + expected);
    }
}
