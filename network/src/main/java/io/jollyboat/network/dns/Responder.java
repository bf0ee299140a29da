package io.jollyboat.network.dns;

import io.jollyboat.network.dns.Zone.Found;
import io.jollyboat.world.World;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** What all of a server's loops and connections share: who is served, and what a request is answered with. */
final class Responder {
    /** Requests that wait for other servers at once; further ones fail at once. */
    private static final int MAX_WAITING = 1_024;

    private final World world;
    private final Resolver resolver;
    private final PreparedAnswers prepared = new PreparedAnswers();
    private final List<AddressRange> clients;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private final LongAdder queries = new LongAdder();
    private final LongAdder fromMemory = new LongAdder();
    private final LongAdder forwarded = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    Responder(World world, Resolver resolver, List<AddressRange> clients) {
        this.world = world;
        this.resolver = resolver;
        this.clients = clients;
    }

    boolean serves(InetAddress client) {
        return client.isLoopbackAddress() || clients.stream().anyMatch(range -> range.contains(client));
    }

    void drop() {
        dropped.increment();
    }

    Counts counts() {
        return new Counts(queries.sum(), fromMemory.sum(), forwarded.sum(), dropped.sum());
    }

    /** One after the other writes replies with it; not for several tasks at once. */
    final class Desk {
        private final byte[] out;
        private final MessageWriter writer;
        private int turn;

        /** Replies have at most that many bytes, whatever the client takes. */
        Desk(int size) {
            out = new byte[size];
            writer = new MessageWriter(out);
        }

        byte[] out() {
            return out;
        }

        /**
         * Writes the reply to what was read.
         *
         * @param code what {@link Request#read} gave
         * @return its length, or 0 where another server must be asked first
         */
        int reply(Request request, int code, int limit) {
            queries.increment();
            if (code != ResponseCode.NOERROR) {
                return writer.reply(request, Answer.bare(code), limit);
            }
            int length = prepared.reply(request, out, limit, turn++);
            if (length > 0) {
                fromMemory.increment();
                return length;
            }
            Optional<Found> found = resolver.now(request.question());
            if (found.isEmpty()) {
                return 0;
            }
            int written = writer.reply(request, found.get().answer(), limit);
            prepared.keep(request, found.get().answer(), found.get().validity(), out, written);
            return written;
        }

        /** Asks other servers, which takes its time, and writes the reply. */
        int ask(Request request, int limit) {
            return writer.reply(request, answer(request), limit);
        }

        int fail(Request request, int limit) {
            return writer.reply(request, Answer.bare(ResponseCode.SERVFAIL), limit);
        }
    }

    private Answer answer(Request request) {
        forwarded.increment();
        return resolver.ask(request.question());
    }

    /** Starts a task that may wait for other servers; false where too many do already. */
    boolean later(Runnable task) {
        if (!waiting.tryAcquire()) {
            return false;
        }
        world.start("dns forward", () -> {
            try {
                task.run();
            } finally {
                waiting.release();
            }
        });
        return true;
    }
}
