package io.jollyboat.network.dns;

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
 * reply. A server that fails is passed over, and the one that answered last is asked first.
 */
final class Forwarder {
    /** Questions on their way at once; further ones fail at once, which clients take as a reason to try again. */
    private static final int MAX_PENDING = 512;

    /** Each server is asked twice, the second time with more patience; a client waits 5 seconds (resolv.conf(5)). */
    private static final List<Duration> PATIENCE = List.of(Duration.ofMillis(700), Duration.ofMillis(1_300));

    private static final Duration LIMIT = Duration.ofMillis(4_500);

    private final World world;
    private final List<InetSocketAddress> servers;
    private final Exchange exchange;
    private final ReplyCache cache = new ReplyCache();
    private final ConcurrentHashMap<Question, CompletableFuture<Answer>> pending = new ConcurrentHashMap<>();
    private volatile int preferred;

    Forwarder(World world, List<InetSocketAddress> servers, Exchange exchange) {
        this.world = world;
        this.servers = servers;
        this.exchange = exchange;
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
            answer = fetch(question);
            cache.put(question, answer, world.nanoTime());
            return answer;
        } finally {
            own.complete(answer);
            pending.remove(question, own);
        }
    }

    private static Answer join(CompletableFuture<Answer> running) {
        try {
            return running.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Answered below: this client may try again.
        }
        return Answer.bare(ResponseCode.SERVFAIL);
    }

    private Answer fetch(Question question) {
        long start = world.nanoTime();
        Answer last = Answer.bare(ResponseCode.SERVFAIL);
        int first = preferred;
        for (Duration patience : PATIENCE) {
            for (int i = 0; i < servers.size(); i++) {
                if (world.nanoTime() - start > LIMIT.minus(patience).toNanos()) {
                    return last;
                }
                int index = (first + i) % servers.size();
                Optional<Message> reply = exchange.ask(servers.get(index), question, patience);
                if (reply.isPresent() && !reply.get().answer().failed()) {
                    preferred = index;
                    return plain(reply.get());
                }
                last = reply.map(message -> Answer.bare(message.answer().code()))
                        .orElse(last);
            }
        }
        return last;
    }

    /** What a client needs of a reply: the answers, and for what does not exist the SOA record. */
    private static Answer plain(Message reply) {
        Answer answer = reply.answer();
        return new Answer(answer.code(), false, answer.answers(), reply.starts(), List.of());
    }
}
