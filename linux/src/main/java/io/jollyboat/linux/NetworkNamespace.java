package io.jollyboat.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A network namespace. A socket belongs for ever to the namespace of the thread that opened it, so one process can
 * serve any number of namespaces: open the socket in {@link #call}, use it anywhere.
 */
public final class NetworkNamespace {
    private static final Path NAMED = Path.of("/run/netns");

    private final Path file;

    private NetworkNamespace(Path file) {
        this.file = file;
    }

    /**
     * The namespace behind a file, such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}.
     *
     * @throws LinuxException when there is no such file
     */
    public static NetworkNamespace open(Path file) {
        if (!Files.exists(file)) {
            throw new LinuxException("there is no network namespace " + file);
        }
        return new NetworkNamespace(file);
    }

    /** The namespace that this process started in. */
    public static NetworkNamespace own() {
        return new NetworkNamespace(Path.of("/proc/self/ns/net"));
    }

    /** Makes the namespace {@code /run/netns/NAME}, or opens it when it is there already. */
    public static NetworkNamespace create(String name) {
        Path file = NAMED.resolve(name);
        if (Files.exists(file) && !Mounts.isMounted(file)) {
            Program.run("ip", "netns", "delete", name); // the remains of a creation that was cut off
        }
        if (!Files.exists(file)) {
            Program.run("ip", "netns", "add", name);
        }
        return new NetworkNamespace(file);
    }

    /** Removes the name; the namespace itself ends with its last process and socket. */
    public static void delete(String name) {
        if (Files.exists(NAMED.resolve(name))) {
            Program.run("ip", "netns", "delete", name);
        }
    }

    public Path file() {
        return file;
    }

    /**
     * Runs a short piece of work inside the namespace: opening sockets, reading or writing {@code /proc/sys/net}. It
     * runs on a platform thread made for it, which ends afterwards: a thread that changed its namespace must never
     * return to a pool.
     *
     * @throws Exception what the work threw
     */
    public <T> T call(Callable<T> work) throws Exception {
        var answer = new CompletableFuture<T>();
        Thread.ofPlatform().daemon().name("netns " + file.getFileName()).start(() -> {
            try {
                enter();
                answer.complete(work.call());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    private void enter() {
        int fd = SystemCalls.open(file.toString());
        try {
            SystemCalls.setns(fd, SystemCalls.CLONE_NEWNET);
        } finally {
            SystemCalls.close(fd);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
