package io.jollyboat.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Kubernetes' back-off for restarts and image pulls: 10 s, doubled to 300 s, forgotten after 10 minutes of peace. The
 * first restart is immediate. Like the kubelet's it lives in memory only: what ended with its node starts at once when
 * the node is back, however often it was restarted before.
 *
 * @param delay that must pass after an end before the next start
 * @param since when the delay was set: the end of the run that was restarted then
 */
record BackOff(Duration delay, Instant since) {
    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofSeconds(300);
    private static final Duration PEACE = LONGEST.multipliedBy(2);

    /** The back-off after one more restart of a run that ended at {@code finished}. */
    static BackOff next(Optional<BackOff> before, Instant finished) {
        if (before.isEmpty() || before.get().forgotten(finished)) {
            return new BackOff(FIRST, finished);
        }
        return new BackOff(shorter(before.get().delay.multipliedBy(2)), finished);
    }

    /** How long a run that ended at {@code finished} still has to wait. */
    Duration left(Instant finished, Instant now) {
        return forgotten(finished) ? Duration.ZERO : left(delay, finished, now);
    }

    /**
     * What is left of a delay that began at {@code from}: nothing when that lies ahead, for then the clock was set back,
     * and waiting for it to catch up could take years.
     */
    static Duration left(Duration delay, Instant from, Instant now) {
        Duration left = Duration.between(now, from.plus(delay));
        return left.isNegative() || now.isBefore(from) ? Duration.ZERO : left;
    }

    private boolean forgotten(Instant finished) {
        return Duration.between(since, finished).compareTo(PEACE) > 0;
    }

    static Duration shorter(Duration delay) {
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }
}
