package io.jollyboat.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** How this process, begun by somebody at a terminal or by a script, goes on by itself. */
public final class Session {
    private static final MethodHandle SETSID =
            SystemCalls.function("setsid", FunctionDescriptor.of(JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final MethodHandle DUP2 =
            SystemCalls.function("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), SystemCalls.KEEP_ERRNO);
    private static final int OUTPUTS = 2;

    private Session() {}

    /**
     * Leaves the session: no signal of its terminal arrives any more, standard input is empty, and both outputs go to
     * the end of a file. Whoever waits for the end of the outputs sees it.
     *
     * @throws LinuxException when the file is not there, or the process leads a group of its own already
     */
    public static void leave(Path output) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(SystemCalls.STATE);
            SystemCalls.checked((int) SETSID.invokeExact(state), "setsid", state);
            replace(0, SystemCalls.open("/dev/null", SystemCalls.O_RDONLY_CLOEXEC), state);
            for (int fd = 1; fd <= OUTPUTS; fd++) {
                replace(fd, SystemCalls.open(output.toString(), SystemCalls.O_APPEND_CLOEXEC), state);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinuxException("cannot leave the session", e);
        }
    }

    private static void replace(int fd, int by, MemorySegment state) throws Throwable {
        SystemCalls.checked((int) DUP2.invokeExact(state, by, fd), "dup2", state);
        SystemCalls.close(by);
    }
}
