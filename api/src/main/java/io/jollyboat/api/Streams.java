package io.jollyboat.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The verbs that stream: logs, exec, attach and port-forward, and the pages of a node. The node that runs a Pod offers them; the server's HTTP
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

    /**
     * One of the pages that a node shows of itself, as a kubelet does: {@code /healthz}, {@code /pods}, {@code /metrics}.
     *
     * @param path with a slash before it
     * @return empty where it has no such page
     */
    default Optional<Page> page(String node, String path) {
        return Optional.empty();
    }

    /** A page with its media type. */
    record Page(String type, byte[] content) {
        public static Page text(String type, String text) {
            return new Page(type, text.getBytes(StandardCharsets.UTF_8));
        }
    }

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
