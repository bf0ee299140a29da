package io.jollyboat.network.dns;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Answers in wire form: what a client sees of one that others asked for before is its own id and its own capitals. An
 * answer falls to one of a few places, where it takes that of an outdated one or, if there is none, of any; so the
 * table never grows. It holds as long as what it was made of, so nobody has to look for what a change makes wrong.
 * Reading takes no lock and allocates nothing.
 */
final class PreparedAnswers {
    private static final int BITS = 15;
    private static final int PLACES = 1 << BITS;

    /**
     * Places that an answer may have. With only one of half as many places, two in five of 10,000 names drove each
     * other out; now 1 in 100 does.
     */
    private static final int WAYS = 4;

    /** Spreads hashes that differ little over all places: 2^32 divided by the golden ratio. */
    private static final int SPREAD = 0x9e37_79b9;

    /** Larger answers are written anew each time. */
    private static final int MAX_BYTES = 16 << 10;

    private static final int MISSING = -1;

    /**
     * A reply.
     *
     * @param message all of it: id 0, the question in small letters, and the client wants no recursion and speaks no EDNS
     * @param start where the records begin
     * @param answers bytes of the answers that take turns at being the first; 0 where none do
     * @param step bytes of one of these
     */
    private record Prepared(byte[] message, int start, int answers, int step, Validity validity) {
        boolean fits(Request request) {
            return request.asks(message) && validity.lasts();
        }
    }

    private final AtomicReferenceArray<@Nullable Prepared> places = new AtomicReferenceArray<>(PLACES);

    /**
     * Writes the reply, if one is prepared.
     *
     * @param turn which of several addresses comes first, so that all take their turn
     * @return the length; negative where none is prepared or it would be longer than {@code limit}
     */
    int reply(Request request, byte[] out, int limit, int turn) {
        int first = firstPlace(request);
        for (int i = 0; i < WAYS; i++) {
            Prepared prepared = places.get(first ^ i);
            if (prepared != null && prepared.fits(request)) {
                return write(prepared, request, out, limit, turn);
            }
        }
        return MISSING;
    }

    private static int write(Prepared prepared, Request request, byte[] out, int limit, int turn) {
        int end = prepared.message.length;
        if (end + (request.edns() ? MessageWriter.OPT_BYTES : 0) > limit) {
            return MISSING;
        }
        System.arraycopy(prepared.message, 0, out, 0, end);
        request.putId(out);
        request.putQuestion(out);
        if (request.recursionDesired()) {
            out[2] |= MessageWriter.RECURSION_DESIRED >> 8;
        }
        if (prepared.answers > 0) {
            turn(prepared, out, turn);
        }
        return request.edns() ? options(out, end) : end;
    }

    private static void turn(Prepared prepared, byte[] out, int turn) {
        int count = prepared.answers / prepared.step;
        int before = prepared.step * Math.floorMod(turn, count);
        int after = prepared.answers - before;
        System.arraycopy(prepared.message, prepared.start + before, out, prepared.start, after);
        System.arraycopy(prepared.message, prepared.start, out, prepared.start + after, before);
    }

    private static int options(byte[] out, int end) {
        put(out, 10, number(out, 10) + 1);
        Arrays.fill(out, end, end + MessageWriter.OPT_BYTES, (byte) 0);
        put(out, end + 1, RecordType.OPT);
        put(out, end + 3, Request.EDNS_LIMIT);
        return end + MessageWriter.OPT_BYTES;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static void put(byte[] out, int at, int number) {
        out[at] = (byte) (number >> 8);
        out[at + 1] = (byte) number;
    }

    /**
     * Keeps a reply for the next who asks the same, if it was not cut.
     *
     * @param validity how long the answer holds; nothing is kept where nobody will tell
     */
    void keep(Request request, Answer answer, Optional<Validity> validity, byte[] reply, int length) {
        boolean whole = (number(reply, 2) & MessageWriter.TRUNCATED) == 0;
        if (validity.isEmpty() || answer.failed() || !whole || length > MAX_BYTES) {
            return;
        }
        byte[] message = Arrays.copyOf(reply, length - (request.edns() ? MessageWriter.OPT_BYTES : 0));
        put(message, 0, 0);
        put(message, 2, number(message, 2) & ~MessageWriter.RECURSION_DESIRED);
        put(message, 10, number(message, 10) - (request.edns() ? 1 : 0));
        byte[] question = request.key();
        System.arraycopy(question, 0, message, Request.HEADER_BYTES, question.length);
        int step = step(request, answer);
        int answers = step * answer.answers().size();
        int start = Request.HEADER_BYTES + question.length;
        places.set(place(request), new Prepared(message, start, answers, step, validity.get()));
    }

    /** Addresses all of one family and owner: a pointer, the fixed part, the address. Otherwise 0. */
    private static int step(Request request, Answer answer) {
        Question question = request.question();
        boolean alike = answer.answers().stream()
                .allMatch(record -> record.type() == question.type()
                        && record.owner().equals(question.name())
                        && (record.type() == RecordType.A || record.type() == RecordType.AAAA));
        return alike && answer.answers().size() > 1
                ? 12 + answer.answers().getFirst().content().length
                : 0;
    }

    /** Where a new answer goes; which one must give way if all hold is left to the client's id, which is chance. */
    private int place(Request request) {
        int first = firstPlace(request);
        int place = first ^ request.id() % WAYS;
        for (int i = WAYS - 1; i >= 0; i--) {
            Prepared prepared = places.get(first ^ i);
            if (prepared != null && request.asks(prepared.message)) {
                return first ^ i;
            }
            if (prepared == null || !prepared.validity.lasts()) {
                place = first ^ i;
            }
        }
        return place;
    }

    private static int firstPlace(Request request) {
        return request.hash() * SPREAD >>> Integer.SIZE - BITS;
    }
}
