package io.jollyboat.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Optional;

/**
 * The verbs that stream: logs, exec, attach and port-forward. The node that runs a Pod offers them; the server's HTTP
 * face speaks SPDY and WebSocket with clients and these with the node.
 *
 * <p>Every verb throws {@link StatusException} in the kubelet's words (unknown container, not started yet).
 */
public interface Streams {
    /** The log of one container as the client shall see it; ends when the log does, unless it is followed. */
    InputStream logs(Target pod, LogOptions options);

    /** Runs a command in a running container. */
    Session exec(Target pod, String container, List<String> command, Wanted wanted);

    /** Joins the container's main process. */
    Session attach(Target pod, String container, Wanted wanted);

    /**
     * Connects to a TCP port inside the Pod, on its loopback address.
     *
     * @throws IOException when nothing listens there
     */
    ByteChannel dial(Target pod, int port) throws IOException;

    /** Which of the streams the client asked for. */
    record Wanted(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}

    /**
     * What part of a log, in the words of Kubernetes' query parameters.
     *
     * @param sinceTime RFC 3339, "" for the beginning
     * @param container "" where the Pod has only one
     */
    record LogOptions(
            String container,
            boolean follow,
            boolean previous,
            boolean timestamps,
            Optional<Long> sinceSeconds,
            String sinceTime,
            Optional<Long> tailLines,
            Optional<Long> limitBytes) {}

    /** A process and its streams; those that were not asked for are empty. Closing it ends the streams. */
    interface Session extends AutoCloseable {
        /** Closing it tells the process that its input has ended. */
        OutputStream stdin();

        InputStream stdout();

        InputStream stderr();

        /** The size of the terminal in characters. */
        void resize(int width, int height);

        /** Waits for the end; the exit code of the process. */
        int exitCode() throws InterruptedException;

        @Override
        void close();
    }
}
