package io.jollyboat.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library's functions that this module calls, by their own names; each answers as C does, errno on the side. */
final class SystemCalls {
    static final int CLONE_NEWNET = 0x4000_0000;
    static final int O_RDONLY_CLOEXEC = 0x8_0000;
    static final int O_APPEND_CLOEXEC = 0x8_0401;
    static final int MS_RDONLY = 1;
    static final int MS_NOSUID = 2;
    static final int MS_NODEV = 4;
    static final int MS_BIND = 4096;
    static final int MNT_DETACH = 2;

    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private static final Linker LINKER = Linker.nativeLinker();
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");

    private static final MethodHandle OPEN = function(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), KEEP_ERRNO, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), KEEP_ERRNO);
    private static final MethodHandle SETNS =
            function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), KEEP_ERRNO);
    private static final MethodHandle MOUNT = function(
            "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS), KEEP_ERRNO);
    private static final MethodHandle UMOUNT2 =
            function("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), KEEP_ERRNO);

    private SystemCalls() {}

    static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), shape, options);
    }

    /** A file descriptor for reading, closed on exec. */
    static int open(String path) {
        return open(path, O_RDONLY_CLOEXEC);
    }

    /** A file descriptor of a file that is there. */
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
            return checked(fd, "open " + path, state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call open", e);
        }
    }

    static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked((int) CLOSE.invokeExact(state, fd), "close", state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call close", e);
        }
    }

    static void setns(int fd, int kind) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked((int) SETNS.invokeExact(state, fd, kind), "setns", state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call setns", e);
        }
    }

    static void mount(String source, String target, String type, long flags, String options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int answer = (int) MOUNT.invokeExact(
                    state,
                    arena.allocateFrom(source),
                    arena.allocateFrom(target),
                    arena.allocateFrom(type),
                    flags,
                    arena.allocateFrom(options));
            checked(answer, "mount " + target, state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call mount", e);
        }
    }

    static void umount(String target, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked((int) UMOUNT2.invokeExact(state, arena.allocateFrom(target), flags), "umount " + target, state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot call umount2", e);
        }
    }

    /** Whether a call failed only because nothing came in time, or a signal did. */
    static boolean isPassing(MemorySegment state) {
        int errno = (int) ERRNO.get(state, 0L);
        return errno == EAGAIN || errno == EINTR;
    }

    static int checked(int answer, String what, MemorySegment state) {
        if (answer < 0) {
            int errno = (int) ERRNO.get(state, 0L);
            throw LinuxException.of(what, errno);
        }
        return answer;
    }

    /** The errors that can be met here, in the words of errno(3). */
    static String errorName(int errno) {
        return switch (errno) {
            case 1 -> "not permitted; root rights are needed (EPERM)";
            case 2 -> "no such thing (ENOENT)";
            case 13 -> "permission denied (EACCES)";
            case 11 -> "no answer in time (EAGAIN)";
            case 16 -> "busy (EBUSY)";
            case 17 -> "it exists already (EEXIST)";
            case 20 -> "not a directory (ENOTDIR)";
            case 22 -> "invalid here, such as no namespace or no mount point (EINVAL)";
            case 24 -> "too many open files (EMFILE)";
            case 98 -> "the address is taken (EADDRINUSE)";
            case 99 -> "there is no such address here (EADDRNOTAVAIL)";
            default -> "errno " + errno;
        };
    }
}
