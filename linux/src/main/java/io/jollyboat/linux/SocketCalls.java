package io.jollyboat.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library's functions that make a socket, for those that Java has no channel for (socket(7)). */
final class SocketCalls {
    private static final int SOCK_CLOEXEC = 0x8_0000;
    private static final int SOL_SOCKET = 1;

    private static final MethodHandle SOCKET = SystemCalls.function(
            "socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final MethodHandle BIND = SystemCalls.function(
            "bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final MethodHandle SETSOCKOPT = SystemCalls.function(
            "setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            SystemCalls.KEEP_ERRNO);

    private SocketCalls() {}

    /**
     * A socket of the calling thread's namespace, bound.
     *
     * @param address the family's sockaddr structure
     * @return its file descriptor, the caller's to close
     */
    static int open(int family, int type, int protocol, byte[] address, SocketOption... options) {
        String what = "socket of family " + family;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(SystemCalls.STATE);
            int fd = (int) SOCKET.invokeExact(state, family, type | SOCK_CLOEXEC, protocol);
            SystemCalls.checked(fd, what, state);
            try {
                for (SocketOption option : options) {
                    MemorySegment value = MemorySegment.ofBuffer(option.value());
                    int set = (int)
                            SETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, option.name(), value, (int) value.byteSize());
                    SystemCalls.checked(set, what + ": option " + option.name(), state);
                }
                MemorySegment name = arena.allocate(address.length, Long.BYTES);
                name.copyFrom(MemorySegment.ofArray(address));
                SystemCalls.checked((int) BIND.invokeExact(state, fd, name, address.length), "bind " + what, state);
                return fd;
            } catch (Throwable e) {
                SystemCalls.close(fd);
                throw e;
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot open a " + what, e);
        }
    }
}
