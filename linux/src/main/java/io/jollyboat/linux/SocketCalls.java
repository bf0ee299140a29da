package io.jollyboat.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library's functions on netlink sockets, which Java has no channel for (socket(7), netlink(7)). */
final class SocketCalls {
    static final int NETLINK_NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x8_0000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int ADDRESS_BYTES = 12;

    private static final MethodHandle SOCKET = SystemCalls.function(
            "socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final MethodHandle BIND = SystemCalls.function(
            "bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final MethodHandle SETSOCKOPT = SystemCalls.function(
            "setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            SystemCalls.KEEP_ERRNO);
    private static final MethodHandle SEND = SystemCalls.function(
            "send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final MethodHandle RECV = SystemCalls.function(
            "recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), SystemCalls.KEEP_ERRNO);

    private SocketCalls() {}

    /** A netlink socket of the calling thread's namespace, with room for {@code bytes} each way. */
    static int netlink(int protocol, int bytes, int timeoutSeconds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(SystemCalls.STATE);
            int fd = (int) SOCKET.invokeExact(state, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
            SystemCalls.checked(fd, "netlink socket", state);
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            SystemCalls.checked((int) BIND.invokeExact(state, fd, address, ADDRESS_BYTES), "bind netlink", state);
            MemorySegment value = arena.allocate(JAVA_LONG, 2);
            value.set(JAVA_INT, 0, bytes);
            option(state, fd, SO_SNDBUFFORCE, value, Integer.BYTES);
            option(state, fd, SO_RCVBUFFORCE, value, Integer.BYTES);
            value.set(JAVA_LONG, 0, timeoutSeconds);
            value.set(JAVA_LONG, Long.BYTES, 0);
            option(state, fd, SO_RCVTIMEO, value, 2 * Long.BYTES);
            return fd;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot open a netlink socket", e);
        }
    }

    private static void option(MemorySegment state, int fd, int name, MemorySegment value, int length)
            throws Throwable {
        int answer = (int) SETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, name, value, length);
        SystemCalls.checked(answer, "socket option " + name, state);
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
