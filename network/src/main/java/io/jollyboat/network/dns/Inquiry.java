package io.jollyboat.network.dns;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One question on its way to several servers: while one says nothing the next one is asked beside it, when one fails at
 * once, and the first sound reply counts. All are listened to until the time is over, so a slow one is heard too.
 */
final class Inquiry {
    /** Each server is asked as often, for packets get lost. */
    private static final int ROUNDS = 2;

    private final World world;
    private final Exchange exchange;
    private final List<InetSocketAddress> servers;
    private final Question question;
    private final Pace pace;
    private final Duration limit;
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final List<Task> asked = new ArrayList<>();

    private record Reply(int server, Optional<Message> message) {}

    /**
     * How it ended.
     *
     * @param reply a sound one, else the last failure; empty where nobody said a word
     * @param server whose reply it is
     */
    record Outcome(Optional<Message> reply, int server) {
        boolean sound() {
            return reply.isPresent() && !reply.get().answer().failed();
        }
    }

    /** @param servers in their order, at least one */
    Inquiry(
            World world,
            Exchange exchange,
            List<InetSocketAddress> servers,
            Question question,
            Pace pace,
            Duration limit) {
        this.world = world;
        this.exchange = exchange;
        this.servers = servers;
        this.question = question;
        this.pace = pace;
        this.limit = limit;
    }

    /** Asks, waiting for the outcome; {@code first} is the server to begin with. */
    Outcome run(int first) throws InterruptedException {
        long deadline = world.nanoTime() + limit.toNanos();
        int most = ROUNDS * servers.size();
        Outcome outcome = new Outcome(Optional.empty(), first);
        try {
            for (int ended = 0; ended < most; ) {
                if (asked.size() < most) {
                    ask((first + asked.size()) % servers.size());
                }
                long left = deadline - world.nanoTime();
                Optional<Reply> next = next(asked.size() == most ? left : Math.min(left, pause()));
                if (next.isEmpty() && world.nanoTime() >= deadline) {
                    return outcome;
                }
                if (next.isPresent()) {
                    ended++;
                    outcome = better(outcome, next.get());
                }
                if (outcome.sound()) {
                    return outcome;
                }
            }
            return outcome;
        } finally {
            asked.forEach(Task::cancel);
        }
    }

    private void ask(int server) {
        asked.add(world.start(
                "dns question",
                () -> replies.add(new Reply(server, exchange.ask(servers.get(server), question, limit)))));
    }

    private long pause() {
        return (asked.size() % servers.size() == 0 ? pace.round() : pace.stagger()).toNanos();
    }

    private Optional<Reply> next(long nanos) throws InterruptedException {
        return Optional.ofNullable(replies.poll(nanos, TimeUnit.NANOSECONDS));
    }

    private static Outcome better(Outcome before, Reply reply) {
        return reply.message().isPresent() ? new Outcome(reply.message(), reply.server()) : before;
    }
}
