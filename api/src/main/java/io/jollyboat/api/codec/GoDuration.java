package io.jollyboat.api.codec;

import java.math.BigDecimal;

/** Durations as Go writes them: {@code 1h0m0.5s}. */
final class GoDuration {
    private static final long SECOND = 1_000_000_000L;

    private GoDuration() {}

    static String text(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long left = Math.abs(nanos);
        if (left < SECOND) {
            int digits = left < 1_000 ? 0 : left < 1_000_000 ? 3 : 6;
            String unit = digits == 0 ? "ns" : digits == 3 ? "µs" : "ms";
            return sign + decimal(left, digits) + unit;
        }
        long minutes = left / (60 * SECOND);
        String seconds = decimal(left % (60 * SECOND), 9) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long value, int digits) {
        BigDecimal decimal = BigDecimal.valueOf(value, digits);
        return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }
}
