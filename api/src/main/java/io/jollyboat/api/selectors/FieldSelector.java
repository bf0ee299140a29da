package io.jollyboat.api.selectors;

import io.jollyboat.api.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Chooses objects by the values of some of their fields: all requirements must hold, and none means that every object
 * is chosen. Which fields a kind offers is not known here.
 */
public record FieldSelector(List<FieldRequirement> requirements) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /**
     * One condition on a field.
     *
     * @param equal true for {@code =} and {@code ==}, false for {@code !=}
     * @param value without escapes
     */
    public record FieldRequirement(String field, boolean equal, String value) {
        @Override
        public String toString() {
            return field + (equal ? "=" : "!=") + escape(value);
        }
    }

    public FieldSelector {
        requirements = List.copyOf(requirements);
    }

    /** {@code field=value}. */
    public static FieldSelector equal(String field, String value) {
        return new FieldSelector(List.of(new FieldRequirement(field, true, value)));
    }

    /**
     * Reads the text of a query: {@code spec.nodeName=a,status.phase!=Running}. In values a backslash goes before
     * each {@code \}, {@code ,} and {@code =} that is meant literally.
     *
     * @throws StatusException 400 where the text is no selector
     */
    public static FieldSelector parse(String text) {
        List<FieldRequirement> found = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || text.charAt(at) == ',') {
                if (at > start) {
                    found.add(requirement(text, text.substring(start, at)));
                }
                start = at + 1;
            } else if (text.charAt(at) == '\\') {
                at = Math.min(at + 1, text.length() - 1);
            }
        }
        return found.isEmpty() ? EVERYTHING : new FieldSelector(found);
    }

    private static FieldRequirement requirement(String selector, String term) {
        int sign = term.indexOf('=');
        if (sign < 0) {
            throw StatusException.badRequest("invalid selector: '" + selector + "'; can't understand '" + term + "'");
        }
        boolean unequal = sign > 0 && term.charAt(sign - 1) == '!';
        boolean twin = !unequal && term.startsWith("==", sign);
        String field = term.substring(0, unequal ? sign - 1 : sign);
        return new FieldRequirement(field, !unequal, unescape(term.substring(sign + (twin ? 2 : 1))));
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '\\') {
                String sequence = value.substring(at, Math.min(at + 2, value.length()));
                at++;
                if (sequence.length() < 2 || "\\,=".indexOf(sequence.charAt(1)) < 0) {
                    throw StatusException.badRequest("invalid field selector: invalid escape sequence: " + sequence);
                }
                plain.append(sequence.charAt(1));
            } else if (c == '=' || c == ',') {
                throw StatusException.badRequest("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
    }

    /**
     * Whether an object meets all requirements.
     *
     * @param fields gives the value of a field, "" where it is unset
     */
    public boolean matches(Function<String, String> fields) {
        for (FieldRequirement requirement : requirements) {
            if (fields.apply(requirement.field()).equals(requirement.value()) != requirement.equal()) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return requirements.isEmpty();
    }

    /** The canonical text, which parses to the same selector. */
    @Override
    public String toString() {
        return requirements.stream().map(FieldRequirement::toString).collect(Collectors.joining(","));
    }
}
