package io.jollyboat.api.codec;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a bare word means in YAML as Kubernetes reads it: by the rules of Go's yaml.v2, which are those of YAML 1.1 for
 * truth values ({@code yes}, {@code off}) and octal numbers ({@code 0644}).
 */
final class YamlScalars {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");
    private static final Pattern REAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern NO_NUMBER = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private YamlScalars() {}

    static JsonNode plain(String text) {
        if (NULL.contains(text)) {
            return NODES.nullNode();
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return NODES.booleanNode(TRUE.contains(text));
        }
        char first = text.charAt(0);
        boolean numeric = first == '-' || first == '+' || first == '.' || first >= '0' && first <= '9';
        return numeric ? number(text).orElseGet(() -> NODES.stringNode(text)) : NODES.stringNode(text);
    }

    private static Optional<JsonNode> number(String text) {
        if (NO_NUMBER.matcher(text).matches()) {
            throw new SyntaxException("json: unsupported value: " + text);
        }
        if (text.length() > JsonBody.NUMBER_LIMIT) {
            return Optional.empty();
        }
        Matcher integer = INTEGER.matcher(text.replace("_", ""));
        if (integer.matches()) {
            BigInteger value = integer(integer);
            if (value.bitLength() > (value.signum() < 0 ? 63 : 64)) {
                return real(value.doubleValue());
            }
            return Optional.of(
                    value.bitLength() < 32
                            ? NODES.numberNode(value.intValue())
                            : value.bitLength() < 64 ? NODES.numberNode(value.longValue()) : NODES.numberNode(value));
        }
        if (REAL.matcher(text).matches()) {
            return real(Double.parseDouble(text));
        }
        return Optional.empty();
    }

    /** What is too large for a number stays a text. */
    private static Optional<JsonNode> real(double value) {
        return Double.isInfinite(value) ? Optional.empty() : Optional.of(JsonBody.number(value));
    }

    private static BigInteger integer(Matcher match) {
        int[] radix = {16, 2, 8, 10};
        for (int i = 0; i < radix.length; i++) {
            String digits = match.group(i + 2);
            if (digits != null) {
                return new BigInteger((match.group(1).equals("-") ? "-" : "") + digits, radix[i]);
            }
        }
        return BigInteger.ZERO;
    }
}
