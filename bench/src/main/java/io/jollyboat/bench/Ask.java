package io.jollyboat.bench;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a client asks again and again.
 *
 * @param type of the body
 * @param body empty for none
 * @param digits where in the body {@value #DIGITS} digits stand, which are another number each time; -1 for nowhere
 * @param gzip whether the answer may be compressed
 * @param accept the form of the answer
 */
record Ask(String method, String path, String type, byte[] body, int digits, boolean gzip, String accept) {
    static final String JSON = "application/json";
    static final int DIGITS = 10;
    static final String NUMBER = "0".repeat(DIGITS);

    static Ask get(String path) {
        return new Ask("GET", path, "", new byte[0], -1, false, JSON);
    }

    /** @param body with {@link #NUMBER} once in it, or not at all */
    static Ask with(String method, String path, String body) {
        return with(method, path, body, JSON);
    }

    static Ask with(String method, String path, String body, String type) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        return new Ask(method, path, type, bytes, body.indexOf(NUMBER), false, JSON);
    }

    Ask zipped() {
        return new Ask(method, path, type, body, digits, true, accept);
    }

    Ask accepting(String other) {
        return new Ask(method, path, type, body, digits, gzip, other);
    }

    /** Writes the number into {@code target}, where the body begins at {@code start}. */
    void number(byte[] target, int start, int number) {
        if (digits >= 0) {
            byte[] text =
                    String.format(Locale.ROOT, "%0" + DIGITS + "d", number).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, target, start + digits, DIGITS);
        }
    }
}
