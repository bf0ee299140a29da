package io.jollyboat.node;

import java.time.Duration;

/** Durations as Kubernetes' messages show them: {@code 10s}, {@code 2m40s}, {@code 1.234s}, {@code 56ms}. */
final class GoDuration {
    private GoDuration() {}

    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis == 0 ? "0s" : millis + "ms";
        }
        var text = new StringBuilder();
        if (duration.toHours() > 0) {
            text.append(duration.toHours()).append('h');
        }
        if (duration.toMinutes() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        text.append(duration.toSecondsPart());
        if (duration.toMillisPart() > 0) {
            text.append(".%03d".formatted(duration.toMillisPart()).replaceAll("0+$", ""));
        }
        return text.append('s').toString();
    }
}
