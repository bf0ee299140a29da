package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Streams whose Pods are this machine: commands are its processes, ports its loopback ports. */
final class LocalStreams implements Streams {
    private final Path folder;
    final Set<Process> processes = ConcurrentHashMap.newKeySet();
    final java.util.concurrent.BlockingQueue<String> sizes = new java.util.concurrent.LinkedBlockingQueue<>();
    volatile InputStream log = new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8));

    LocalStreams(Path folder) {
        this.folder = folder;
    }

    @Override
    public InputStream logs(Target pod, LogOptions options) {
        return log;
    }

    @Override
    public Optional<Page> page(String node, String path) {
        return path.equals("/healthz") ? Optional.of(Page.text("text/plain", node + " is well")) : Optional.empty();
    }

    @Override
    public Session exec(Target pod, String container, List<String> command, Wanted wanted) {
        if (container.equals("none")) {
            throw StatusException.badRequest("container none is not valid for pod " + pod.name());
        }
        try {
            Process process =
                    new ProcessBuilder(command).directory(folder.toFile()).start();
            processes.add(process);
            return new LocalSession(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Session attach(Target pod, String container, Wanted wanted) {
        return exec(pod, container, List.of("cat"), wanted);
    }

    @Override
    public ByteChannel dial(Target pod, int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    }

    private final class LocalSession implements Session {
        private final Process process;

        LocalSession(Process process) {
            this.process = process;
        }

        @Override
        public OutputStream stdin() {
            return process.getOutputStream();
        }

        @Override
        public InputStream stdout() {
            return process.getInputStream();
        }

        @Override
        public InputStream stderr() {
            return process.getErrorStream();
        }

        @Override
        public void resize(int width, int height) {
            sizes.add(width + "x" + height);
        }

        @Override
        public int exitCode() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
