package io.jollyboat.network.dns;

import java.time.Duration;

/**
 * How long other servers are waited for.
 *
 * @param stagger while a server says nothing for so long, the next one is asked too
 * @param round after the last server it begins anew with the first
 * @param limit of a question
 * @param afterSilence of a question soon after one to which no server said a word
 */
record Pace(Duration stagger, Duration round, Duration limit, Duration afterSilence) {
    /** A client waits 5 seconds (resolv.conf(5)), and often tries several names. */
    static final Pace DEFAULT =
            new Pace(Duration.ofMillis(300), Duration.ofMillis(700), Duration.ofMillis(2_500), Duration.ofSeconds(1));

    /** Who joins a question on its way waits a little longer, so that its answer reaches him. */
    Duration joining() {
        return limit.plusMillis(1_500);
    }
}
