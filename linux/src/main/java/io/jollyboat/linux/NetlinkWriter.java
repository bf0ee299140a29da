package io.jollyboat.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Netlink messages of the netfilter subsystems, one after another: each has a header, then attributes that may hold
 * attributes (netlink(7); nfnetlink.h). Numbers in headers are in the machine's order.
 */
final class NetlinkWriter {
    static final int REQUEST = 1;
    static final int ACK = 4;
    static final int CREATE = 0x400;
    static final int DUMP = 0x300;

    private static final int START_BYTES = 4096;
    private static final int FLAGS_AT = 6;
    private static final int NESTED = 0x8000;

    private ByteBuffer out = ByteBuffer.allocate(START_BYTES).order(ByteOrder.nativeOrder());
    private int sequence;
    private int last;

    /** @param sequence the number of the first message */
    NetlinkWriter(int sequence) {
        this.sequence = sequence - 1;
    }

    /** Begins a message; the place to hand to {@link #end}. */
    int begin(int type, int flags, int family, int resource) {
        need(20);
        last = out.position();
        sequence++;
        out.putInt(0).putShort((short) type).putShort((short) (REQUEST | flags));
        out.putInt(sequence).putInt(0);
        out.put((byte) family).put((byte) 0).put((byte) (resource >> 8)).put((byte) resource);
        return last;
    }

    void end(int start) {
        out.putInt(start, out.position() - start);
    }

    int nest(int attribute) {
        need(4);
        int start = out.position();
        out.putShort((short) 0).putShort((short) (attribute | NESTED));
        return start;
    }

    void endNest(int start) {
        out.putShort(start, (short) (out.position() - start));
    }

    void bytes(int attribute, byte[] value) {
        int padding = -value.length & 3;
        need(4 + value.length + padding);
        out.putShort((short) (4 + value.length)).putShort((short) attribute).put(value);
        for (int i = 0; i < padding; i++) {
            out.put((byte) 0);
        }
    }

    void text(int attribute, String value) {
        bytes(attribute, (value + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    /** What is an attribute's value already, as it was read. */
    void raw(ByteBuffer value) {
        need(value.remaining());
        out.put(value);
    }

    int position() {
        return out.position();
    }

    /** The number of the message begun last. */
    int sequence() {
        return sequence;
    }

    /** Asks for an answer to the message begun last. */
    void acknowledge() {
        out.putShort(last + FLAGS_AT, (short) (out.getShort(last + FLAGS_AT) | ACK));
    }

    byte[] array() {
        return out.array();
    }

    private void need(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(out.capacity() * 2 + bytes).order(ByteOrder.nativeOrder());
            larger.put(out.flip());
            out = larger;
        }
    }
}
