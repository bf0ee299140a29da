package io.jollyboat.world;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The only door to time, chance and tasks. Everything else asks its {@code World}, so that a seeded simulation can
 * run whole clusters and a test can move the clock.
 */
public interface World {
    /** The wall clock. It may jump; use it only for what users read, never for measuring. */
    Instant now();

    /** A monotonic clock in nanoseconds, for measuring and for time-outs; its origin means nothing. */
    long nanoTime();

    RandomGenerator random();

    /** A random (version 4) UUID drawn from {@link #random()}. */
    UUID uuid();

    /**
     * Starts a task on a virtual thread of its own.
     *
     * @param name shown in thread dumps and logs
     */
    Task start(String name, Runnable body);

    /**
     * Sleeps for at least {@code duration} on the monotonic clock.
     *
     * @throws InterruptedException when the task is cancelled
     */
    void sleep(Duration duration) throws InterruptedException;

    /** Runs something when the process is asked to end (TERM, INT); it may take its time, but not for ever. */
    void atExit(Runnable last);

    /** The real world: the system's clocks, a secure random generator, virtual threads. */
    static World system() {
        return SystemWorld.INSTANCE;
    }
}
