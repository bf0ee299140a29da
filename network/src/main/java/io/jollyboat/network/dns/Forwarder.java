package io.jollyboat.network.dns;

import io.jollyboat.network.dns.Inquiry.Outcome;
import io.jollyboat.world.World;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks other servers for names that are not the cluster's. Who asks what somebody is asking already waits for the same
 * reply. A server that answered in another's place comes first for a while. When all fail, what they said before goes
 * on for a time (RFC 8767).
 */
final class Forwarder {
    /** Questions on their way at once; further ones fail at once, which clients take as a reason to try again. */
    private static final int MAX_PENDING = 512;

    /** So long servers that said nothing at all are not waited for as usual. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /** So long a server comes first because it answered; then the order is again the one that was given. */
    private static final Duration PREFERENCE = Duration.ofMinutes(1);

    private record Preferred(int server, long since) {}

    private final World world;
    private final List<InetSocketAddress> servers;
    private final Exchange exchange;
    private final Pace pace;
    private final ReplyCache cache = new ReplyCache();
    private final ConcurrentHashMap<Question, CompletableFuture<Answer>> pending = new ConcurrentHashMap<>();
    private volatile Preferred preferred;
    private volatile long silentUntil;

    Forwarder(World world, List<InetSocketAddress> servers, Exchange exchange, Pace pace) {
        this.world = world;
        this.servers = servers;
        this.exchange = exchange;
        this.pace = pace;
        this.preferred = new Preferred(0, world.nanoTime());
        this.silentUntil = world.nanoTime();
    }

    /**
     * The answer where no waiting is needed. With no servers there is no outside, so nothing is there: musl's resolver
     * waits out its whole time on a refusal, but takes this at once.
     */
    Optional<Answer> known(Question question) {
        return servers.isEmpty()
                ? Optional.of(Answer.bare(ResponseCode.NXDOMAIN))
                : cache.get(question, world.nanoTime());
    }

    /** The answer, waiting for it a few seconds at most; SERVFAIL where nobody gave one. */
    Answer ask(Question question) {
        Optional<Answer> known = known(question);
        if (known.isPresent()) {
            return known.get();
        }
        if (pending.size() >= MAX_PENDING) {
            return Answer.bare(ResponseCode.SERVFAIL);
        }
        CompletableFuture<Answer> own = new CompletableFuture<>();
        CompletableFuture<Answer> running = pending.putIfAbsent(question, own);
        return running == null ? lead(question, own) : join(running);
    }

    private Answer lead(Question question, CompletableFuture<Answer> own) {
        Answer answer = Answer.bare(ResponseCode.SERVFAIL);
        try {
            Answer fetched = fetch(question);
            Optional<Answer> before = fetched.failed() ? cache.outlive(question, world.nanoTime()) : Optional.empty();
            answer = before.orElse(fetched);
            if (before.isEmpty()) {
                cache.put(question, answer, world.nanoTime());
            }
            return answer;
        } finally {
            own.complete(answer);
            pending.remove(question, own);
        }
    }

    private Answer join(CompletableFuture<Answer> running) {
        try {
            return running.get(pace.joining().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Answered below: this client may try again.
        }
        return Answer.bare(ResponseCode.SERVFAIL);
    }

    private Answer fetch(Question question) {
        Preferred known = preferred;
        int first = world.nanoTime() - known.since() < PREFERENCE.toNanos() ? known.server() : 0;
        Duration limit = world.nanoTime() < silentUntil ? pace.afterSilence() : pace.limit();
        try {
            Outcome outcome = new Inquiry(world, exchange, servers, question, pace, limit).run(first);
            if (outcome.reply().isEmpty()) {
                silentUntil = world.nanoTime() + SILENCE.toNanos();
                return Answer.bare(ResponseCode.SERVFAIL);
            }
            silentUntil = world.nanoTime();
            Message reply = outcome.reply().get();
            if (!outcome.sound()) {
                return Answer.bare(reply.answer().code());
            }
            if (outcome.server() != first) {
                preferred = new Preferred(outcome.server(), world.nanoTime());
            }
            return plain(reply);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.bare(ResponseCode.SERVFAIL);
        }
    }

    /** What a client needs of a reply: the answers, and for what does not exist the SOA record. */
    private static Answer plain(Message reply) {
        Answer answer = reply.answer();
        return new Answer(answer.code(), false, answer.answers(), reply.starts(), List.of());
    }
}
