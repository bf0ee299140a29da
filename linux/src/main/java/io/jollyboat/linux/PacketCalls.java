package io.jollyboat.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library's functions that move many packets with one call (recvmmsg(2), sendmmsg(2), udp(7)). */
final class PacketCalls {
    static final short AF_INET = 2;
    static final short AF_INET6 = 10;

    private static final int SOCK_DGRAM = 2;
    private static final int SO_RCVBUF = 8;
    private static final int SO_REUSEPORT = 15;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_WAITFORONE = 0x1_0000;
    private static final int SHUT_RDWR = 2;

    private static final MethodHandle SHUTDOWN =
            SystemCalls.function("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SENDTO = SystemCalls.function(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVMMSG = SystemCalls.function(
            "recvmmsg",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
            SystemCalls.KEEP_ERRNO);
    private static final MethodHandle SENDMMSG =
            SystemCalls.function("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

    private PacketCalls() {}

    /** A UDP socket of the calling thread's namespace that shares its address with others of its kind. */
    static int open(byte[] address, short family, int receiveBytes, int timeoutSeconds) {
        return SocketCalls.open(
                family,
                SOCK_DGRAM,
                0,
                address,
                SocketOption.number(SO_REUSEPORT, 1),
                SocketOption.number(SO_RCVBUF, receiveBytes),
                SocketOption.receiveTimeout(timeoutSeconds));
    }

    /**
     * Waits for one packet and takes what else is there.
     *
     * @param headers mmsghdr structures, {@code count} of them
     * @return how many packets came; 0 where none did in time
     */
    static int receive(int fd, MemorySegment headers, int count, MemorySegment state) {
        try {
            int got = (int) RECVMMSG.invokeExact(state, fd, headers, count, MSG_WAITFORONE, MemorySegment.NULL);
            return got < 0 && SystemCalls.isPassing(state) ? 0 : SystemCalls.checked(got, "receive packets", state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call recvmmsg", e);
        }
    }

    /** Sends packets; how many went, which is none where the first cannot be sent. */
    static int send(int fd, MemorySegment headers, int count) {
        try {
            return Math.max(0, (int) SENDMMSG.invokeExact(fd, headers, count, 0));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call sendmmsg", e);
        }
    }

    /** Sends one packet, unless the kernel has no room for it now; whether it went. */
    static boolean send(int fd, byte[] packet, int length, byte[] to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(length);
            MemorySegment.copy(MemorySegment.ofArray(packet), 0, bytes, 0, length);
            MemorySegment name = arena.allocate(to.length, Long.BYTES);
            name.copyFrom(MemorySegment.ofArray(to));
            return (long) SENDTO.invokeExact(fd, bytes, (long) length, MSG_DONTWAIT, name, to.length) == length;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call sendto", e);
        }
    }

    /** Wakes whoever waits for packets; none come any more. It fails for sockets that are not connected, and does so. */
    static void wake(int fd) {
        try {
            int ignored = (int) SHUTDOWN.invokeExact(fd, SHUT_RDWR);
            assert ignored <= 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call shutdown", e);
        }
    }
}
