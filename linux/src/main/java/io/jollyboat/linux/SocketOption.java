package io.jollyboat.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What is set on a socket before it is bound (socket(7)).
 *
 * @param value as the kernel reads it
 */
record SocketOption(int name, ByteBuffer value) {
    private static final int SO_RCVTIMEO = 20;

    static SocketOption number(int name, int value) {
        return new SocketOption(name, buffer(Integer.BYTES).putInt(value).flip());
    }

    /** How long a receiver waits at most. */
    static SocketOption receiveTimeout(int seconds) {
        return new SocketOption(
                SO_RCVTIMEO, buffer(2 * Long.BYTES).putLong(seconds).putLong(0).flip());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
