package io.jollyboat.testing.fuzz;

import io.jollyboat.testing.Cases;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * An input by name. In its file it is text as it stands, except that {@code ‹} and {@code ›} enclose bytes in
 * hexadecimal, which {@code *} repeats: {@code ‹5b*1000›} is a thousand opening brackets, {@code ‹0d 0a›} a line's end.
 */
record Seed(String name, byte[] bytes) {
    private static final char OPEN = '‹';
    private static final char CLOSE = '›';
    private static final int MOST_SHOWN = 600;

    /** The seeds of a file beside a class, in the form of {@link Cases}. */
    static List<Seed> read(Class<?> beside, String file) {
        return Cases.read(beside, file).stream()
                .map(one -> new Seed(one.name(), decode(one.part(0))))
                .toList();
    }

    static byte[] decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf(OPEN, at);
            int end = open < 0 ? text.length() : open;
            bytes.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
            at = end;
            if (open >= 0) {
                at = text.indexOf(CLOSE, open) + 1;
                bytes.writeBytes(repeated(text.substring(open + 1, at - 1)));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] repeated(String code) {
        String[] parts = code.split("\\*", 2);
        byte[] once = HexFormat.of().parseHex(parts[0].replaceAll("\\s", ""));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int times = parts.length == 1 ? 1 : Integer.parseInt(parts[1].strip());
        for (int i = 0; i < times; i++) {
            all.writeBytes(once);
        }
        return all.toByteArray();
    }

    /** How the input would stand in a file; only the beginning of a long one. */
    static String encode(byte[] input) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < Math.min(input.length, MOST_SHOWN); at++) {
            char c = (char) (input[at] & 0xff);
            boolean plain = c > ' ' && c < 0x7f || c == ' ' && at > 0 && at + 1 < input.length;
            text.append(plain ? String.valueOf(c) : "" + OPEN + HexFormat.of().toHexDigits(input[at]) + CLOSE);
        }
        String joined = text.toString().replace("" + CLOSE + OPEN, " ");
        return input.length > MOST_SHOWN ? joined + " … " + input.length + " bytes" : joined;
    }
}
