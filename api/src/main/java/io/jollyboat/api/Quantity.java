package io.jollyboat.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount such as {@code 500m}, {@code 1.5Gi} or {@code 2e3}: a number with a decimal or binary suffix or an exponent.
 *
 * <p>Source: Kubernetes' API reference, "Quantity". What is finer than a nano is rounded up.
 */
public record Quantity(BigDecimal value, Form form) implements Comparable<Quantity> {
    /** How a quantity is written. */
    public enum Form {
        DECIMAL,
        BINARY,
        EXPONENT
    }

    private static final Pattern TEXT = Pattern.compile(
            "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))" + "(?:(Ki|Mi|Gi|Ti|Pi|Ei)|([numkMGTPE]?)|[eE]([+-]?[0-9]{1,3}))");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int NANO = 9;
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Form.DECIMAL);

    /** The quantity that the text says; empty where it is none. */
    public static Optional<Quantity> parse(String text) {
        Matcher match = TEXT.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(match.group(1));
        if (match.group(2) != null) {
            return Optional.of(
                    new Quantity(rounded(number.multiply(KIBI.pow(BINARY.indexOf(match.group(2))))), Form.BINARY));
        }
        if (match.group(4) != null) {
            return Optional.of(
                    new Quantity(rounded(number.scaleByPowerOfTen(Integer.parseInt(match.group(4)))), Form.EXPONENT));
        }
        int power = 3 * (DECIMAL.indexOf(match.group(3)) - DECIMAL.indexOf(""));
        return Optional.of(new Quantity(rounded(number.scaleByPowerOfTen(power)), Form.DECIMAL));
    }

    public boolean isNegative() {
        return value.signum() < 0;
    }

    public boolean isZero() {
        return value.signum() == 0;
    }

    /** True where there is nothing after the decimal point. */
    public boolean isWhole() {
        return value.stripTrailingZeros().scale() <= 0;
    }

    /** Thousandths, rounded up, as for cpu. */
    public long milli() {
        return value.movePointRight(3).setScale(0, RoundingMode.CEILING).longValue();
    }

    /** Whole units, rounded up, as for memory in bytes. */
    public long units() {
        return value.setScale(0, RoundingMode.CEILING).longValue();
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    /** Kubernetes' canonical text: the largest suffix that leaves no fraction. */
    @Override
    public String toString() {
        if (isZero()) {
            return "0";
        }
        return switch (form) {
            case BINARY -> isWhole() && value.abs().compareTo(KIBI) >= 0 ? binary() : decimal(false);
            case DECIMAL -> decimal(false);
            case EXPONENT -> decimal(true);
        };
    }

    private String binary() {
        BigInteger rest = value.toBigIntegerExact();
        BigInteger step = KIBI.toBigInteger();
        int power = 0;
        while (power < BINARY.size() - 1 && rest.mod(step).signum() == 0) {
            rest = rest.divide(step);
            power++;
        }
        return rest + BINARY.get(power);
    }

    private String decimal(boolean exponent) {
        BigInteger rest = value.movePointRight(NANO).toBigIntegerExact();
        BigInteger step = BigInteger.valueOf(1000);
        int power = 0;
        while (power < DECIMAL.size() - 1 && rest.mod(step).signum() == 0) {
            rest = rest.divide(step);
            power++;
        }
        if (!exponent) {
            return rest + DECIMAL.get(power);
        }
        int ten = 3 * power - NANO;
        return ten == 0 ? rest.toString() : rest + "e" + ten;
    }

    private static BigDecimal rounded(BigDecimal value) {
        return value.scale() <= NANO ? value : value.setScale(NANO, RoundingMode.UP);
    }
}
