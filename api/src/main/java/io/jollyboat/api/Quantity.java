package io.jollyboat.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource as Kubernetes writes it: {@code 500m}, {@code 1.5Gi}, {@code 2e3}. Exact to a nano; what is
 * finer is rounded up, and what is larger than 2 to the power of 63, minus 1, becomes that.
 *
 * <p>Two quantities are equal when their amounts are, however they are written. Source: the type Quantity in
 * Kubernetes' API reference.
 */
public record Quantity(BigDecimal value, Form form) implements Comparable<Quantity> {
    /** How a quantity is written; sums keep the form of the first that is not zero. */
    public enum Form {
        DECIMAL,
        BINARY,
        EXPONENT
    }

    private static final int LONGEST_TEXT = 100;
    private static final int NANO = 9;
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final Pattern TEXT = Pattern.compile(
            "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))" + "(?:(Ki|Mi|Gi|Ti|Pi|Ei)|([numkMGTPE]?)|[eE]([+-]?[0-9]{1,3}))");

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Form.DECIMAL);

    public Quantity {
        if (value.scale() > NANO) {
            value = value.setScale(NANO, RoundingMode.UP);
        }
        value = capped(value);
    }

    public static Quantity of(long whole) {
        return new Quantity(BigDecimal.valueOf(whole), Form.DECIMAL);
    }

    /** Thousandths, as CPU is counted. */
    public static Quantity ofMilli(long milli) {
        return new Quantity(BigDecimal.valueOf(milli, 3), Form.DECIMAL);
    }

    /** Bytes, written with {@code Ki}, {@code Mi}, … where they come out even. */
    public static Quantity ofBytes(long bytes) {
        return new Quantity(BigDecimal.valueOf(bytes), Form.BINARY);
    }

    /** The quantity that the text says; empty where it is none. */
    public static Optional<Quantity> parse(String text) {
        Matcher match = TEXT.matcher(text);
        if (text.length() > LONGEST_TEXT || !match.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(match.group(1));
        if (match.group(2) != null) {
            return Optional.of(new Quantity(number.multiply(KIBI.pow(BINARY.indexOf(match.group(2)))), Form.BINARY));
        }
        if (match.group(4) != null) {
            int exponent = Integer.parseInt(match.group(4));
            return Optional.of(new Quantity(number.scaleByPowerOfTen(exponent), Form.EXPONENT));
        }
        int power = 3 * (DECIMAL.indexOf(match.group(3)) - DECIMAL.indexOf(""));
        return Optional.of(new Quantity(number.scaleByPowerOfTen(power), Form.DECIMAL));
    }

    private static BigDecimal capped(BigDecimal number) {
        if (number.abs().compareTo(LARGEST) <= 0) {
            return number;
        }
        return number.signum() < 0 ? LARGEST.negate() : LARGEST;
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

    /** Thousandths, rounded away from zero, as for cpu; the greatest long where there are more. */
    public long milli() {
        return whole(value.movePointRight(3));
    }

    /** Whole units, rounded away from zero, as for memory in bytes. */
    public long units() {
        return whole(value);
    }

    private static long whole(BigDecimal number) {
        return capped(number.setScale(0, RoundingMode.UP)).longValueExact();
    }

    public Quantity plus(Quantity other) {
        return new Quantity(value.add(other.value), isZero() ? other.form : form);
    }

    public Quantity minus(Quantity other) {
        return new Quantity(value.subtract(other.value), isZero() ? other.form : form);
    }

    public Quantity times(long factor) {
        return new Quantity(value.multiply(BigDecimal.valueOf(factor)), form);
    }

    /** The same rounded up to thousandths, as requests and limits are stored. */
    public Quantity roundedToMilli() {
        return value.scale() > 3 ? new Quantity(value.setScale(3, RoundingMode.UP), form) : this;
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity quantity && value.compareTo(quantity.value) == 0;
    }

    @Override
    public int hashCode() {
        return value.stripTrailingZeros().hashCode();
    }

    /**
     * The canonical text: no fraction, the greatest suffix that leaves none. {@code 0.5} is {@code 500m},
     * {@code 1024Mi} is {@code 1Gi}, {@code 1.5Gi} is {@code 1536Mi}, {@code 0.5Ki} is {@code 512}.
     */
    @Override
    public String toString() {
        if (isZero()) {
            return "0";
        }
        boolean binary = form == Form.BINARY && isWhole() && value.abs().compareTo(KIBI) >= 0;
        return binary ? binaryText(value.toBigIntegerExact()) : decimalText();
    }

    private static String binaryText(BigInteger number) {
        BigInteger step = KIBI.toBigInteger();
        int suffix = 0;
        BigInteger mantissa = number;
        while (suffix < BINARY.size() - 1 && mantissa.mod(step).signum() == 0) {
            mantissa = mantissa.divide(step);
            suffix++;
        }
        return mantissa + BINARY.get(suffix);
    }

    private String decimalText() {
        BigDecimal shortest = value.stripTrailingZeros();
        int power = Math.floorDiv(-shortest.scale(), 3);
        String mantissa = shortest.movePointLeft(3 * power).toBigIntegerExact().toString();
        if (form == Form.EXPONENT) {
            return power == 0 ? mantissa : mantissa + "e" + 3 * power;
        }
        return mantissa + DECIMAL.get(power + DECIMAL.indexOf(""));
    }
}
