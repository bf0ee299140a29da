package io.jollyboat.world;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A world for tests: its clocks stand still until {@link #advance} moves them, chance comes from a seed, tasks are
 * real virtual threads. {@link #sleep} blocks until the clock was moved far enough.
 */
public final class ManualWorld implements World {
    private final RandomGenerator random;
    private Instant now; // guarded by this
    private long nanos; // guarded by this

    public ManualWorld(Instant start, long seed) {
        this.now = start;
        this.random = new Random(seed);
    }

    /** Moves both clocks on and wakes every sleeper. */
    public synchronized void advance(Duration step) {
        now = now.plus(step);
        nanos += step.toNanos();
        notifyAll();
    }

    /** Lets the wall clock jump (a corrected system clock) while the monotonic one goes on. */
    public synchronized void jump(Duration step) {
        now = now.plus(step);
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public UUID uuid() {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & ~(0xc0L << 56)) | (0x80L << 56);
        return new UUID(high, low);
    }

    @Override
    public Task start(String name, Runnable body) {
        return SystemWorld.INSTANCE.start(name, body);
    }

    @Override
    public synchronized void sleep(Duration duration) throws InterruptedException {
        long wake = nanos + duration.toNanos();
        while (nanos - wake < 0) {
            wait();
        }
    }

    /** A test's world does not end with a process: nothing is kept. */
    @Override
    public void atExit(Runnable last) {}
}
