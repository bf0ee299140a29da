package io.jollyboat.server.http.turns;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Lets threads wait for what {@link Seats} decides; it holds no policy. */
final class Waiting {
    private final ReentrantLock lock = new ReentrantLock(); // guards seats, demand and sleepers
    private final Seats seats;
    private final Demand demand;
    private final LongSupplier nanos;
    private final Map<Ticket, Sleeper> sleepers = new HashMap<>();
    private final Duration patience;

    /**
     * @param patience how long a request waits at most
     * @param nanos the monotonic clock
     */
    Waiting(Seats seats, Duration patience, LongSupplier nanos) {
        this.seats = seats;
        this.nanos = nanos;
        this.demand = new Demand(nanos.getAsLong());
        this.patience = patience;
    }

    private static final class Sleeper {
        private final Condition wake;
        private boolean called;
        private boolean gone;

        Sleeper(Condition wake) {
            this.wake = wake;
        }
    }

    /** How it went; {@code turn} is empty for all but {@link End#SEATED}. */
    record Result(End end, Optional<Turn> turn) {}

    /** Why a request waits no longer. */
    enum End {
        SEATED,
        QUEUE_FULL,
        CONCURRENCY_LIMIT,
        TIME_OUT,
        CANCELLED
    }

    /**
     * Waits for seats.
     *
     * @param whenGone is given what is to be done when the client goes away
     */
    Result take(Ticket ticket, Consumer<Runnable> whenGone) throws InterruptedException {
        Sleeper sleeper;
        lock.lock();
        try {
            Seats.Place place = seats.arrive(ticket);
            demand.set(seats.demand(), nanos.getAsLong());
            if (place == Seats.Place.SEAT) {
                return seated(ticket);
            }
            if (place == Seats.Place.NONE) {
                return new Result(seats.queues() ? End.QUEUE_FULL : End.CONCURRENCY_LIMIT, Optional.empty());
            }
            sleeper = new Sleeper(lock.newCondition());
            sleepers.put(ticket, sleeper);
        } finally {
            lock.unlock();
        }
        whenGone.accept(() -> gone(sleeper));
        return sleep(ticket, sleeper);
    }

    private void gone(Sleeper sleeper) {
        lock.lock();
        try {
            sleeper.gone = true;
            sleeper.wake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Result sleep(Ticket ticket, Sleeper sleeper) throws InterruptedException {
        boolean stays = false;
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!sleeper.called && !sleeper.gone && left > 0) {
                left = sleeper.wake.awaitNanos(left);
            }
            stays = sleeper.called;
            if (stays) {
                return seated(ticket);
            }
            return new Result(sleeper.gone ? End.CANCELLED : End.TIME_OUT, Optional.empty());
        } finally {
            sleepers.remove(ticket);
            if (!stays) {
                left(ticket); // also when it was interrupted with a seat already its own
            }
            lock.unlock();
        }
    }

    private Result seated(Ticket ticket) {
        return new Result(End.SEATED, Optional.of(() -> leave(ticket)));
    }

    private void leave(Ticket ticket) {
        lock.lock();
        try {
            left(ticket);
        } finally {
            lock.unlock();
        }
    }

    private void left(Ticket ticket) {
        call(seats.leave(ticket));
        demand.set(seats.demand(), nanos.getAsLong());
    }

    private void call(List<Ticket> begin) {
        for (Ticket ticket : begin) {
            Sleeper sleeper = sleepers.get(ticket);
            if (sleeper == null) {
                throw new IllegalStateException("a seat for somebody who does not wait");
            }
            sleeper.called = true;
            sleeper.wake.signalAll();
        }
    }

    /** What the level is from now on; whoever has a seat keeps it, and whoever waits goes on. */
    void change(int all, int queue, int waiting) {
        lock.lock();
        try {
            call(seats.change(all, queue, waiting));
        } finally {
            lock.unlock();
        }
    }

    /** How many seats were wanted since the last time that somebody asked. */
    Demand.Seen seen() {
        lock.lock();
        try {
            return demand.seen(nanos.getAsLong());
        } finally {
            lock.unlock();
        }
    }
}
