package io.jollyboat.api.codec;

import io.jollyboat.api.GoText;
import io.jollyboat.api.Trees;
import java.util.Optional;

/** Finds the first fault of a text that is no JSON and tells it as Go's scanner does, whose words clients know. */
final class JsonFault {
    private static final String KEY = "looking for beginning of object key string";
    private static final String VALUE = "looking for beginning of value";

    private final byte[] text;
    private int at;

    private JsonFault(byte[] text) {
        this.text = text;
    }

    /** Empty for a text without fault. */
    static Optional<String> in(byte[] text) {
        try {
            JsonFault reader = new JsonFault(text);
            reader.value(0);
            reader.space();
            if (reader.at < text.length) {
                throw reader.stop("after top-level value");
            }
            return Optional.empty();
        } catch (SyntaxException e) {
            return Optional.of(e.detail());
        }
    }

    private SyntaxException stop(String where) {
        int found = text[at] & 0xff;
        String shown = found == '\'' ? "\\'" : GoText.escaped(found);
        return new SyntaxException("invalid character '" + shown + "' " + where);
    }

    /** The byte at hand. */
    private int peek() {
        if (at == text.length) {
            throw new SyntaxException("unexpected end of JSON input");
        }
        return text[at];
    }

    private void space() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) {
            at++;
        }
    }

    private void value(int depth) {
        if (depth > Trees.MOST_LEVELS) {
            throw new SyntaxException("exceeded max depth");
        }
        space();
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw stop(VALUE);
        }
    }

    private void object(int depth) {
        at++;
        space();
        if (peek() == '}') {
            at++;
            return;
        }
        do {
            space();
            if (peek() != '"') {
                throw stop(KEY);
            }
            string();
            space();
            if (peek() != ':') {
                throw stop("after object key");
            }
            at++;
            value(depth + 1);
        } while (another('}', "after object key:value pair"));
    }

    private void array(int depth) {
        at++;
        space();
        if (peek() == ']') {
            at++;
            return;
        }
        do {
            value(depth + 1);
        } while (another(']', "after array element"));
    }

    private boolean another(char end, String where) {
        space();
        int found = peek();
        if (found != ',' && found != end) {
            throw stop(where);
        }
        at++;
        return found == ',';
    }

    private void string() {
        at++;
        while (peek() != '"') {
            if (text[at] >= 0 && text[at] < ' ') {
                throw stop("in string literal");
            }
            if (text[at++] == '\\') {
                escape();
            }
        }
        at++;
    }

    private void escape() {
        if ("bfnrt\\/\"u".indexOf(peek()) < 0) {
            throw stop("in string escape code");
        }
        if (text[at++] == 'u') {
            for (int i = 0; i < 4; i++, at++) {
                if (Character.digit(peek(), 16) < 0) {
                    throw stop("in \\u hexadecimal character escape");
                }
            }
        }
    }

    private void word(String word) {
        at++;
        for (int i = 1; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw stop("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
        }
    }

    private void number() {
        if (text[at] == '-') {
            at++;
            digit("in numeric literal");
        }
        if (text[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length && text[at] == '.') {
            at++;
            digit("after decimal point in numeric literal");
            digits();
        }
        if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digit("in exponent of numeric literal");
            digits();
        }
    }

    /** Demands one, and leaves it. */
    private void digit(String where) {
        if (peek() < '0' || peek() > '9') {
            throw stop(where);
        }
    }

    private void digits() {
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
    }
}
