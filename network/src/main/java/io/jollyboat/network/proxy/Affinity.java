package io.jollyboat.network.proxy;

import java.time.Duration;

/**
 * The time-outs of session affinity. The kernel wants a map of its own for each, so there are only these; another one
 * is rounded up to the next.
 */
final class Affinity {
    private static final int[] SECONDS = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1200, 1800, 2700, 3600, 5400,
        7200, 10800, 21600, 43200, 86400
    };

    private Affinity() {}

    /** How many classes there are; they count from 1. */
    static int classes() {
        return SECONDS.length;
    }

    static int seconds(int affinityClass) {
        return SECONDS[affinityClass - 1];
    }

    static int classOf(Duration timeout) {
        for (int i = 0; i < SECONDS.length; i++) {
            if (timeout.toSeconds() <= SECONDS[i]) {
                return i + 1;
            }
        }
        return SECONDS.length;
    }

    /** The chain that notes a client's endpoint. */
    static String learning(int affinityClass) {
        return "learn_" + seconds(affinityClass);
    }

    static String map(int affinityClass) {
        return "affinity_" + seconds(affinityClass);
    }
}
