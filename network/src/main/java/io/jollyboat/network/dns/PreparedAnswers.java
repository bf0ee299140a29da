package io.jollyboat.network.dns;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Answers in wire form, ready to be copied behind a question. Each place of the table keeps the newest answer of those
 * that fall to it, so the table never grows; an answer holds as long as the Service that it was made of is current, so
 * nobody has to look for what a change makes wrong. Reading takes no lock and allocates nothing.
 */
final class PreparedAnswers {
    private static final int PLACES = 1 << 14;

    /** Larger answers are written anew each time. */
    private static final int MAX_BYTES = 16 << 10;

    private static final int MISSING = -1;

    /**
     * What follows a question.
     *
     * @param question name, type and class in small letters
     * @param tail the records, compressed for a message that begins with this question
     * @param counts of answers, authority and additional records
     * @param step bytes of one answer where all are alike, so that any may be the first; otherwise 0
     */
    private record Prepared(
            byte[] question,
            byte[] tail,
            int code,
            boolean authoritative,
            int[] counts,
            int step,
            ZoneService source) {}

    private final AtomicReferenceArray<@Nullable Prepared> places = new AtomicReferenceArray<>(PLACES);

    /**
     * Writes the reply, if one is prepared.
     *
     * @param turn which of several addresses comes first, so that all take their turn
     * @return the length; negative where none is prepared or it would be longer than {@code limit}
     */
    int reply(Request request, byte[] out, int limit, int turn) {
        Prepared prepared = places.get(place(request.hash()));
        if (prepared == null || !request.asks(prepared.question) || !prepared.source.isCurrent()) {
            return MISSING;
        }
        int start = Request.HEADER_BYTES + request.questionLength();
        int end = start + prepared.tail.length;
        if (end + (request.edns() ? MessageWriter.OPT_BYTES : 0) > limit) {
            return MISSING;
        }
        System.arraycopy(request.packet(), 0, out, 0, start);
        copyTail(prepared, out, start, turn);
        put(out, 2, MessageWriter.flags(request, prepared.code, prepared.authoritative));
        for (int i = 0; i < prepared.counts.length; i++) {
            put(out, 6 + 2 * i, prepared.counts[i]);
        }
        return request.edns() ? options(prepared, out, end) : end;
    }

    private static void copyTail(Prepared prepared, byte[] out, int start, int turn) {
        byte[] tail = prepared.tail;
        int answers = prepared.step * prepared.counts[0];
        int first = prepared.step == 0 ? 0 : prepared.step * Math.floorMod(turn, prepared.counts[0]);
        System.arraycopy(tail, first, out, start, answers - first);
        System.arraycopy(tail, 0, out, start + answers - first, first);
        System.arraycopy(tail, answers, out, start + answers, tail.length - answers);
    }

    private static int options(Prepared prepared, byte[] out, int end) {
        put(out, 10, prepared.counts[2] + 1);
        Arrays.fill(out, end, end + MessageWriter.OPT_BYTES, (byte) 0);
        put(out, end + 1, RecordType.OPT);
        put(out, end + 3, Request.EDNS_LIMIT);
        return end + MessageWriter.OPT_BYTES;
    }

    private static void put(byte[] out, int at, int number) {
        out[at] = (byte) (number >> 8);
        out[at + 1] = (byte) number;
    }

    /** Keeps a reply for the next who asks the same, if it was made of one Service alone and was not cut. */
    void keep(Request request, Answer answer, Optional<ZoneService> source, byte[] reply, int length) {
        int start = Request.HEADER_BYTES + request.questionLength();
        int end = length - (request.edns() ? MessageWriter.OPT_BYTES : 0);
        int additional = (reply[10] & 0xff) << 8 | reply[11] & 0xff;
        boolean whole = (reply[2] << 8 & MessageWriter.TRUNCATED) == 0;
        if (source.isEmpty() || answer.code() != ResponseCode.NOERROR || !whole || length > MAX_BYTES) {
            return;
        }
        int[] counts = {answer.answers().size(), answer.authority().size(), additional - (request.edns() ? 1 : 0)};
        Prepared prepared = new Prepared(
                request.key(),
                Arrays.copyOfRange(reply, start, end),
                answer.code(),
                answer.authoritative(),
                counts,
                step(request, answer),
                source.get());
        places.set(place(request.hash()), prepared);
    }

    /** Addresses all of one family and owner: a pointer, the fixed part, the address. */
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

    private static int place(int hash) {
        return (hash ^ hash >>> 15) & PLACES - 1;
    }
}
