package io.jollyboat.network.dns;

import io.jollyboat.network.dns.RecordType.Layout;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes messages into one buffer, names compressed (RFC 1035 section 4.1.4). What does not fit is left out whole
 * record by whole record, and the TC bit says so; additional records go without saying.
 */
final class MessageWriter {
    static final int MAX_BYTES = 65_535;

    static final int RESPONSE = 0x8000;
    static final int AUTHORITATIVE = 0x0400;
    static final int TRUNCATED = 0x0200;
    static final int RECURSION_DESIRED = 0x0100;
    static final int RECURSION_AVAILABLE = 0x0080;

    /** An OPT record without options. */
    static final int OPT_BYTES = 11;

    /** Names that later ones may point to; further ones are written out. */
    private static final int MAX_SUFFIXES = 64;

    /** A pointer has 14 bits. */
    private static final int MAX_POINTER = 0x3fff;

    private final ByteBuffer out;
    private final int[] suffixes = new int[MAX_SUFFIXES];
    private int suffixCount;

    MessageWriter(byte[] out) {
        this.out = ByteBuffer.wrap(out);
    }

    /**
     * Writes the reply to a request.
     *
     * @param limit bytes that the reply may have
     * @return its length
     */
    int reply(Request request, Answer answer, int limit) {
        int question = request.questionLength();
        out.clear();
        out.position(Request.HEADER_BYTES);
        out.put(request.packet(), Request.HEADER_BYTES, question);
        suffixCount = 0;
        if (question > 0) {
            noteSuffixes(Request.HEADER_BYTES);
        }
        out.limit(Math.min(out.capacity(), limit) - (request.edns() ? OPT_BYTES : 0));
        int answers = section(answer.answers());
        int authority = section(answer.authority());
        boolean cut = answers < answer.answers().size()
                || authority < answer.authority().size();
        int additional = cut ? 0 : section(answer.additional());
        if (request.edns()) {
            out.limit(out.limit() + OPT_BYTES);
            options(answer.code());
            additional++;
        }
        int flags = flags(request, answer.code(), answer.authoritative()) | (cut ? TRUNCATED : 0);
        header(request.id(), flags, question > 0 ? 1 : 0, answers, authority, additional);
        return out.position();
    }

    /** The flags of a reply: that it is one, what the request said, what this server can. */
    static int flags(Request request, int code, boolean authoritative) {
        return RESPONSE
                | request.opcodeBits() << 8
                | (authoritative ? AUTHORITATIVE : 0)
                | (request.recursionDesired() ? RECURSION_DESIRED : 0)
                | RECURSION_AVAILABLE
                | code & 0xf;
    }

    /** Writes a query with EDNS or without; gives its length. */
    int query(int id, Question question, boolean edns) {
        out.clear();
        out.position(Request.HEADER_BYTES);
        out.put(question.name().wire());
        out.putShort((short) question.type()).putShort((short) 1);
        if (edns) {
            options(ResponseCode.NOERROR);
        }
        header(id, RECURSION_DESIRED, 1, 0, 0, edns ? 1 : 0);
        return out.position();
    }

    private void header(int id, int flags, int... counts) {
        out.putShort(0, (short) id);
        out.putShort(2, (short) flags);
        for (int i = 0; i < counts.length; i++) {
            out.putShort(4 + 2 * i, (short) counts[i]);
        }
    }

    private void options(int code) {
        out.put((byte) 0).putShort((short) RecordType.OPT).putShort((short) Request.EDNS_LIMIT);
        out.putInt((code >> 4) << 24).putShort((short) 0);
    }

    /** Writes records as long as they fit; gives how many did. */
    private int section(List<ResourceRecord> records) {
        int count = 0;
        for (ResourceRecord record : records) {
            if (!write(record)) {
                return count;
            }
            count++;
        }
        return count;
    }

    private boolean write(ResourceRecord record) {
        int start = out.position();
        int known = suffixCount;
        boolean fits = name(record.owner().wire(), 0, true) && out.remaining() >= 10;
        if (fits) {
            out.putShort((short) record.type()).putShort((short) 1);
            out.putInt(record.ttl()).putShort((short) 0);
            int content = out.position();
            fits = content(record);
            out.putShort(content - 2, (short) (out.position() - content));
        }
        if (!fits) {
            out.position(start);
            suffixCount = known;
        }
        return fits;
    }

    private boolean content(ResourceRecord record) {
        byte[] content = record.content();
        Layout layout = RecordType.layout(record.type());
        if (!bytes(content, 0, layout.before())) {
            return false;
        }
        int at = layout.before();
        for (int i = 0; i < layout.names(); i++) {
            if (!name(content, at, layout.compressed())) {
                return false;
            }
            at = record.nameEnd(at);
        }
        return bytes(content, at, content.length - at);
    }

    private boolean bytes(byte[] from, int start, int count) {
        if (out.remaining() < count) {
            return false;
        }
        out.put(from, start, count);
        return true;
    }

    /** Writes a name, its end as a pointer where the same end was written before. */
    private boolean name(byte[] wire, int start, boolean compressed) {
        int begin = out.position();
        for (int at = start; wire[at] != 0; at += wire[at] + 1) {
            int pointer = compressed ? find(wire, at) : -1;
            if (pointer >= 0) {
                if (out.remaining() < 2) {
                    return false;
                }
                out.putShort((short) (0xc000 | pointer));
                noteSuffixes(begin);
                return true;
            }
            if (!bytes(wire, at, wire[at] + 1)) {
                return false;
            }
        }
        if (!out.hasRemaining()) {
            return false;
        }
        out.put((byte) 0);
        noteSuffixes(begin);
        return true;
    }

    /** Lets later names point to the one that begins there, and to each of its ends that is written out. */
    private void noteSuffixes(int begin) {
        int at = begin;
        while (at < MAX_POINTER && suffixCount < MAX_SUFFIXES && isLabel(out.get(at))) {
            suffixes[suffixCount++] = at;
            at += out.get(at) + 1;
        }
    }

    private static boolean isLabel(byte size) {
        return size > 0; // 0 ends the name; a pointer's first byte is negative
    }

    private int find(byte[] wire, int at) {
        for (int i = 0; i < suffixCount; i++) {
            if (same(suffixes[i], wire, at)) {
                return suffixes[i];
            }
        }
        return -1;
    }

    /** Whether the name written there, followed through its pointers, is that one. */
    private boolean same(int written, byte[] wire, int start) {
        int there = written;
        int here = start;
        while (true) {
            int size = out.get(there);
            if (size < 0) {
                there = out.getShort(there) & MAX_POINTER; // pointers lead back only, so this ends
                continue;
            }
            for (int i = 0; i <= size; i++) {
                if (Name.lower(out.get(there + i)) != wire[here + i]) {
                    return false;
                }
            }
            if (size == 0) {
                return true;
            }
            there += size + 1;
            here += size + 1;
        }
    }
}
