package io.jollyboat.world;

import java.time.Duration;

/** A task that was started and can be cancelled and waited for. */
public interface Task {
    /** Interrupts the task; its body sees {@link InterruptedException} at its next blocking call. */
    void cancel();

    /** Waits at most {@code limit} for the end; true when the task has ended. */
    boolean join(Duration limit) throws InterruptedException;

    boolean ended();
}
