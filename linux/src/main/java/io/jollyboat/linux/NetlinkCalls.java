package io.jollyboat.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Netlink sockets, which Java has no channel for (netlink(7)). */
final class NetlinkCalls {
    static final int NETLINK_NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int ADDRESS_BYTES = 12;

    private static final MethodHandle SEND = SystemCalls.function(
            "send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final MethodHandle RECV = SystemCalls.function(
            "recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), SystemCalls.KEEP_ERRNO);

    private NetlinkCalls() {}

    /** A netlink socket of the calling thread's namespace, with room for {@code bytes} each way. */
    static int netlink(int protocol, int bytes, int timeoutSeconds) {
        byte[] address = new byte[ADDRESS_BYTES];
        ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).putShort((short) AF_NETLINK);
        return SocketCalls.open(
                AF_NETLINK,
                SOCK_RAW,
                protocol,
                address,
                SocketOption.number(SO_SNDBUFFORCE, bytes),
                SocketOption.number(SO_RCVBUFFORCE, bytes),
                SocketOption.receiveTimeout(timeoutSeconds));
    }

    static void send(int fd, MemorySegment message) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(SystemCalls.STATE);
            long sent = (long) SEND.invokeExact(state, fd, message, message.byteSize(), 0);
            SystemCalls.checked((int) sent, "send %d bytes over netlink".formatted(message.byteSize()), state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call send", e);
        }
    }

    /** Waits for one datagram, at most as long as the socket was opened with; the number of bytes. */
    static int receive(int fd, MemorySegment into) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(SystemCalls.STATE);
            long got = (long) RECV.invokeExact(state, fd, into, into.byteSize(), 0);
            return SystemCalls.checked((int) got, "receive over netlink", state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call recv", e);
        }
    }
}
