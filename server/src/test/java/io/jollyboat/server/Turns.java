package io.jollyboat.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets actors run one at a time, in an order that a seed fixes: whoever has the turn keeps it until it passes. What two
 * threads could do to each other at the places where they pass, some seed does, and does again whenever it is asked.
 */
final class Turns {
    private static final ThreadLocal<Actor> CURRENT = new ThreadLocal<>();
    private static final int PATIENCE_SECONDS = 120;

    private final Random random;
    private final List<Actor> alive = new ArrayList<>();
    private final Semaphore back = new Semaphore(0);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Turns(long seed) {
        random = new Random(seed);
    }

    private final class Actor {
        private final String name;
        private final Runnable body;
        private final Semaphore turn = new Semaphore(0);
        private final Thread thread;
        private volatile boolean ended;

        Actor(String name, Runnable body) {
            this.name = name;
            this.body = body;
            this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
        }

        private void run() {
            CURRENT.set(this);
            try {
                turn.acquire();
                body.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                failure.compareAndSet(null, new AssertionError(name + ": " + e.getMessage(), e));
            }
            ended = true;
            back.release();
        }
    }

    void add(String name, Runnable body) {
        alive.add(new Actor(name, body));
    }

    /** Of whoever has the turn, and before anybody has. */
    Random random() {
        return random;
    }

    /** Others may come first now. Nothing happens where no actor asks. */
    void pass() {
        Actor actor = CURRENT.get();
        if (actor == null) {
            return;
        }
        back.release();
        try {
            actor.turn.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the simulation is over", e);
        }
    }

    /** Runs all to their end, or to the first failure. @param look after each turn */
    void run(Runnable look) throws InterruptedException {
        List<Actor> all = List.copyOf(alive);
        all.forEach(actor -> actor.thread.start());
        try {
            while (!alive.isEmpty() && failure.get() == null) {
                Actor next = alive.get(random.nextInt(alive.size()));
                next.turn.release();
                if (!back.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(next.name + " is stuck");
                }
                if (next.ended) {
                    alive.remove(next);
                }
                look.run();
            }
        } finally {
            all.forEach(actor -> actor.thread.interrupt());
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get().getMessage(), failure.get());
        }
    }
}
