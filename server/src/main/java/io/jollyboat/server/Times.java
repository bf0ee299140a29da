package io.jollyboat.server;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as they stand in objects. */
final class Times {
    private Times() {}

    /** RFC 3339 in UTC, whole seconds. */
    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
