package io.jollyboat.api.kinds;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** A span of time as {@code kubectl get} writes it: two units at most, the finer one only while it matters. */
public final class HumanDuration {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long YEAR = 365 * DAY;

    private HumanDuration() {}

    /** Source: duration.HumanDuration of Kubernetes' apimachinery. */
    public static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (duration.isNegative()) {
            return "0s";
        }
        if (seconds < 2 * MINUTE) {
            return seconds + "s";
        }
        if (seconds < 3 * HOUR) {
            return seconds < 10 * MINUTE ? two(seconds, MINUTE, "m", 1, "s") : seconds / MINUTE + "m";
        }
        if (seconds < 2 * DAY) {
            return seconds < 8 * HOUR ? two(seconds, HOUR, "h", MINUTE, "m") : seconds / HOUR + "h";
        }
        if (seconds < 2 * YEAR) {
            return seconds < 8 * DAY ? two(seconds, DAY, "d", HOUR, "h") : seconds / DAY + "d";
        }
        return seconds < 8 * YEAR ? two(seconds, YEAR, "y", DAY, "d") : seconds / YEAR + "y";
    }

    /** How long ago an RFC 3339 time was; {@code <unknown>} for one that is missing or not readable. */
    public static String since(String time, Instant now) {
        try {
            return time.isEmpty() ? "<unknown>" : of(Duration.between(Instant.parse(time), now));
        } catch (DateTimeParseException e) {
            return "<unknown>";
        }
    }

    private static String two(long seconds, long coarse, String coarseSign, long fine, String fineSign) {
        long rest = seconds % coarse / fine;
        return seconds / coarse + coarseSign + (rest == 0 ? "" : rest + fineSign);
    }
}
