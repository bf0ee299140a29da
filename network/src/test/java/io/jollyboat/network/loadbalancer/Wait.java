package io.jollyboat.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, at most a minute. */
final class Wait {
    private static final int LOOKS = 6000;
    private static final long PAUSE_NANOS = 10_000_000;

    private Wait() {}

    static void until(String what, BooleanSupplier condition) {
        for (int look = 0; look < LOOKS && !condition.getAsBoolean(); look++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }
}
