package io.jollyboat.api.codec;

import java.nio.charset.StandardCharsets;

/** Reads the fields of one protobuf message in their order (protobuf's encoding, wire types 0, 1, 2 and 5). */
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int tag;

    Wire(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    Wire(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Steps to the next field; false at the end of the message. */
    boolean next() {
        if (at >= end) {
            return false;
        }
        long key = varint();
        tag = (int) key;
        if (key >>> 3 == 0 || key != tag) {
            throw new SyntaxException("proto: illegal tag " + (key >>> 3) + " (wire type " + (key & 7) + ")");
        }
        return true;
    }

    int number() {
        return tag >>> 3;
    }

    int type() {
        return tag & 7;
    }

    boolean hasMore() {
        return at < end;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw new SyntaxException("unexpected EOF");
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new SyntaxException("proto: integer overflow");
    }

    long fixed(int length) {
        require(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes[at++] & 0xffL) << (8 * i);
        }
        return value;
    }

    /** The message or packed list that stands here. */
    Wire message() {
        int length = length();
        at += length;
        return new Wire(bytes, at - length, at);
    }

    byte[] bytes() {
        int length = length();
        at += length;
        return java.util.Arrays.copyOfRange(bytes, at - length, at);
    }

    String text() {
        int length = length();
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    void skip() {
        switch (type()) {
            case VARINT -> varint();
            case FIXED64 -> fixed(8);
            case BYTES -> bytes();
            case FIXED32 -> fixed(4);
            default -> throw wrongType();
        }
    }

    void expect(int type) {
        if (type() != type) {
            throw wrongType();
        }
    }

    SyntaxException wrongType() {
        return new SyntaxException("proto: wrong wireType = " + type() + " for field " + number());
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new SyntaxException("proto: negative length found during unmarshaling");
        }
        require((int) length);
        return (int) length;
    }

    private void require(int length) {
        if (length > end - at) {
            throw new SyntaxException("unexpected EOF");
        }
    }
}
