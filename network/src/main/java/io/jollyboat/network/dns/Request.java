package io.jollyboat.network.dns;

import java.util.Arrays;

/**
 * One query as it came, read in place. A loop keeps one object and reads every packet with it, so that nothing is
 * allocated on the way to a prepared answer. Strict: what no resolver sends is refused (RFC 1035, 6891).
 */
final class Request {
    static final int HEADER_BYTES = 12;

    /** A packet that gets no reply at all: too short to have an id, or a reply itself. */
    static final int DROP = -1;

    /** UDP without EDNS (RFC 1035 section 2.3.4). */
    static final int PLAIN_LIMIT = 512;

    /** UDP with EDNS, whatever more the client would take: this passes every link unfragmented. */
    static final int EDNS_LIMIT = 1_232;

    /** OPT, a signature, a cookie: nobody sends more. */
    private static final int MAX_ADDITIONAL = 4;

    private byte[] packet = new byte[0];
    private int length;
    private final byte[] key = new byte[Name.MAX_BYTES + 4];
    private int keyLength;
    private int hash;
    private boolean edns;
    private boolean badVersion;
    private int limit;

    /** Reads a packet; gives NOERROR where it can be answered, another code to refuse it with, or {@link #DROP}. */
    int read(byte[] bytes, int size) {
        packet = bytes;
        length = size;
        keyLength = 0;
        edns = false;
        badVersion = false;
        limit = PLAIN_LIMIT;
        if (size < HEADER_BYTES || (bytes[2] & 0x80) != 0) {
            return DROP;
        }
        if ((bytes[2] & 0x78) != 0) {
            return ResponseCode.NOTIMP;
        }
        if (number(4) != 1 || number(6) != 0 || number(8) != 0 || number(10) > MAX_ADDITIONAL) {
            return ResponseCode.FORMERR;
        }
        if (!readQuestion() || !readAdditional()) {
            keyLength = 0;
            return ResponseCode.FORMERR;
        }
        return badVersion ? ResponseCode.BADVERS : policy();
    }

    /** Zone transfers and other classes than IN are not served. */
    private int policy() {
        boolean served = questionClass() == 1 && type() != RecordType.AXFR && type() != RecordType.IXFR;
        return served ? ResponseCode.NOERROR : ResponseCode.REFUSED;
    }

    /** The question's name has nothing before it to point to, so it is never compressed. */
    private boolean readQuestion() {
        int at = HEADER_BYTES;
        while (at < length && packet[at] != 0) {
            if ((packet[at] & 0xc0) != 0) {
                return false;
            }
            at += packet[at] + 1;
        }
        int size = at + 1 - HEADER_BYTES;
        if (size > Name.MAX_BYTES || at + 5 > length) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < size; i++) {
            byte small = Name.lower(packet[HEADER_BYTES + i]); // a length is at most 63, which is no letter
            key[i] = small;
            sum = 31 * sum + small;
        }
        System.arraycopy(packet, at + 1, key, size, 4);
        keyLength = size + 4;
        hash = 31 * sum + type();
        return true;
    }

    private boolean readAdditional() {
        int at = HEADER_BYTES + keyLength;
        int count = number(10);
        for (int i = 0; i < count; i++) {
            int name = at;
            at = skipName(at);
            if (at < 0 || at + 10 > length || at + 10 + number(at + 8) > length) {
                return false;
            }
            if (number(at) == RecordType.OPT && !readOptions(name, at)) {
                return false;
            }
            at += 10 + number(at + 8);
        }
        return at == length;
    }

    private boolean readOptions(int name, int at) {
        if (edns || at != name + 1) {
            return false; // one only, and its name is the root
        }
        edns = true;
        badVersion = packet[at + 5] != 0;
        limit = Math.clamp(number(at + 2), PLAIN_LIMIT, EDNS_LIMIT);
        return true;
    }

    /** Where the name that begins there ends; -1 where it is unsound or points anywhere but back into the message. */
    private int skipName(int start) {
        int at = start;
        while (at < length) {
            int size = packet[at] & 0xff;
            if (size == 0) {
                return at + 1;
            }
            if (size >= 0xc0) {
                boolean sound = at + 2 <= length && pointer(at) >= HEADER_BYTES && pointer(at) < start;
                return sound ? at + 2 : -1;
            }
            if (size > Name.MAX_LABEL || at - start > Name.MAX_BYTES) {
                return -1;
            }
            at += size + 1;
        }
        return -1;
    }

    private int pointer(int at) {
        return number(at) & 0x3fff;
    }

    private int number(int at) {
        return (packet[at] & 0xff) << 8 | packet[at + 1] & 0xff;
    }

    int id() {
        return number(0);
    }

    boolean recursionDesired() {
        return (packet[2] & 1) != 0;
    }

    int opcodeBits() {
        return packet[2] & 0x78;
    }

    /** Whether the client speaks EDNS, so that the reply does too. */
    boolean edns() {
        return edns;
    }

    /** The largest reply that the client takes by UDP, in bytes. */
    int udpLimit() {
        return limit;
    }

    /** The bytes of the question as it came, which the reply repeats; 0 where it could not be read. */
    int questionLength() {
        return keyLength;
    }

    byte[] packet() {
        return packet;
    }

    int type() {
        return (key[keyLength - 4] & 0xff) << 8 | key[keyLength - 3] & 0xff;
    }

    private int questionClass() {
        return (key[keyLength - 2] & 0xff) << 8 | key[keyLength - 1] & 0xff;
    }

    Question question() {
        return new Question(Name.copy(key, 0, keyLength - 4), type());
    }

    /** A hash of name and type, the same for capitals and small letters. */
    int hash() {
        return hash;
    }

    /** Whether the question of that message, in small letters, is the same: name, type and class. */
    boolean asks(byte[] message) {
        int end = HEADER_BYTES + keyLength;
        return message.length >= end && Arrays.equals(key, 0, keyLength, message, HEADER_BYTES, end);
    }

    /** Makes the message one that has the id of this. */
    void putId(byte[] message) {
        message[0] = packet[0];
        message[1] = packet[1];
    }

    /** Writes the question, capitals as they came, where a message has its question. */
    void putQuestion(byte[] message) {
        System.arraycopy(packet, HEADER_BYTES, message, HEADER_BYTES, keyLength);
    }

    /** The question in small letters: name, type and class. */
    byte[] key() {
        return Arrays.copyOf(key, keyLength);
    }

    /** The same request in memory of its own, for a task that answers it later. */
    Request copy() {
        Request copy = new Request();
        copy.read(Arrays.copyOf(packet, length), length);
        return copy;
    }
}
