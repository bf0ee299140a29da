package io.jollyboat.server.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters after the question mark, decoded; a name may come several times. */
public final class Query {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /**
     * @param text without the question mark, in {@code application/x-www-form-urlencoded} form
     * @throws IllegalArgumentException when a percent sign is not followed by two hexadecimal digits
     */
    Query(String text) {
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                values.computeIfAbsent(decode(name, true), n -> new ArrayList<>(1))
                        .add(decode(value, true));
            }
        }
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The first value of a name, "" when there is none. */
    public String first(String name) {
        List<String> all = values.get(name);
        return all == null ? "" : all.getFirst();
    }

    /** The first value of a name, unless there is none or it is empty. */
    public Optional<String> value(String name) {
        return Optional.of(first(name)).filter(v -> !v.isEmpty());
    }

    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** Whether a parameter is set as Kubernetes reads booleans: anything but {@code false} and {@code 0} is true. */
    public boolean flag(String name) {
        return has(name)
                && !first(name).equalsIgnoreCase("false")
                && !first(name).equals("0");
    }

    /**
     * Undoes percent encoding (RFC 3986).
     *
     * @param plus whether a plus sign stands for a space
     * @throws IllegalArgumentException when a percent sign is not followed by two hexadecimal digits
     */
    static String decode(String text, boolean plus) {
        if (text.indexOf('%') < 0 && !(plus && text.indexOf('+') >= 0)) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                if (i + 2 >= in.length) {
                    throw new IllegalArgumentException("a percent sign must be followed by two digits");
                }
                out[length++] = (byte) (digit(in[i + 1]) << 4 | digit(in[i + 2]));
                i += 2;
            } else {
                out[length++] = plus && in[i] == '+' ? (byte) ' ' : in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static int digit(byte character) {
        int value = Character.digit(character, 16);
        if (value < 0) {
            throw new IllegalArgumentException("a percent sign must be followed by two digits");
        }
        return value;
    }
}
