package io.jollyboat.world;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The world as the operating system gives it. */
final class SystemWorld implements World {
    static final SystemWorld INSTANCE = new SystemWorld();

    private final SecureRandom random = new SecureRandom();

    private SystemWorld() {}

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public UUID uuid() {
        return UUID.randomUUID();
    }

    @Override
    public Task start(String name, Runnable body) {
        return new ThreadTask(Thread.ofVirtual().name(name).start(body));
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public void atExit(Runnable last) {
        Runtime.getRuntime().addShutdownHook(new Thread(last, "exit"));
    }

    private record ThreadTask(Thread thread) implements Task {
        @Override
        public void cancel() {
            thread.interrupt();
        }

        @Override
        public boolean join(Duration limit) throws InterruptedException {
            return thread.join(limit);
        }

        @Override
        public boolean ended() {
            return !thread.isAlive();
        }
    }
}
