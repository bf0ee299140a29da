package io.jollyboat.node.cri;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.world.Pipe;
import io.jollyboat.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command in a container, or its main process, over containerd's streaming server, in Kubernetes' remote command
 * protocol, version 4: a stream each for input, output, errors, sizes of the terminal, and one for the result.
 */
public final class StreamSession implements Streams.Session {
    private static final int CHUNK = 32 << 10;
    private static final int HEAD_LIMIT = 8 << 10;
    private static final String PROTOCOL = "v4.channel.k8s.io";

    private final SocketChannel channel;
    private final Spdy spdy;
    /** Bytes of output that may wait for the reader. */
    private static final int AHEAD = 256 << 10;

    private final Pipe stdout = new Pipe(AHEAD);
    private final Pipe stderr = new Pipe(AHEAD);
    private final OutputStream stdin;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final ByteArrayOutputStream result = new ByteArrayOutputStream();
    private final int errorStream;
    private final int stdoutStream;
    private final int stderrStream;
    private final int resizeStream;

    private StreamSession(SocketChannel channel, InputStream in, OutputStream out, Streams.Wanted wanted)
            throws IOException {
        this.channel = channel;
        this.spdy = new Spdy(in, out);
        this.errorStream = spdy.open("error");
        this.stdin = wanted.stdin() ? new Input(spdy.open("stdin")) : OutputStream.nullOutputStream();
        this.stdoutStream = wanted.stdout() ? spdy.open("stdout") : 0;
        this.stderrStream = wanted.stderr() && !wanted.tty() ? spdy.open("stderr") : 0;
        this.resizeStream = wanted.tty() ? spdy.open("resize") : 0;
    }

    /**
     * Connects to a one-time URL of containerd and begins.
     *
     * @param namespace in which containerd listens
     * @throws IOException when containerd does not take it
     */
    public static StreamSession open(World world, NetworkNamespace namespace, String url, Streams.Wanted wanted)
            throws IOException {
        URI address = URI.create(url);
        SocketChannel channel = socket(namespace);
        try {
            channel.connect(new InetSocketAddress(address.getHost(), address.getPort()));
            InputStream in = Channels.newInputStream(channel);
            OutputStream out = channel.socket().getOutputStream();
            upgrade(in, out, address);
            var session = new StreamSession(channel, in, out, wanted);
            world.start("streams of " + address.getPath(), session::read);
            return session;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static SocketChannel socket(NetworkNamespace namespace) throws IOException {
        try {
            return namespace.call(SocketChannel::open);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static void upgrade(InputStream in, OutputStream out, URI address) throws IOException {
        String request = "POST " + address.getRawPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                + "\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\nX-Stream-Protocol-Version: "
                + PROTOCOL + "\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > HEAD_LIMIT) {
                throw new IOException("containerd did not begin the stream: " + head);
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("containerd did not begin the stream: "
                    + head.toString().lines().findFirst().orElse(""));
        }
    }

    private void read() {
        try {
            boolean more = true;
            while (more) {
                more = take(spdy.next());
            }
        } catch (IOException e) {
            // The connection ended; what came of the result decides.
        } finally {
            stdout.end();
            stderr.end();
            finish();
            closeChannel();
        }
    }

    /** Passes data on; false once the result is complete, for all output comes before it. */
    private boolean take(Spdy.Piece data) throws IOException {
        if (data.stream() == errorStream) {
            result.writeBytes(data.bytes());
            return !data.last();
        }
        if (data.stream() == stdoutStream) {
            stdout.write(data.bytes(), 0, data.bytes().length);
        } else if (data.stream() == stderrStream) {
            stderr.write(data.bytes(), 0, data.bytes().length);
        }
        return true;
    }

    /** The result is a Kubernetes Status; a command that failed has its exit code in the causes. */
    private void finish() {
        String text = result.toString(StandardCharsets.UTF_8);
        try {
            JsonNode status = text.isBlank()
                    ? JsonMapper.shared().createObjectNode()
                    : JsonMapper.shared().readTree(text);
            if (status.path("status").stringValue("").equals("Success")) {
                exit.complete(0);
                return;
            }
            for (JsonNode cause : status.path("details").path("causes")) {
                if (cause.path("reason").stringValue("").equals("ExitCode")) {
                    exit.complete(Integer.parseInt(cause.path("message").stringValue("1")));
                    return;
                }
            }
            exit.completeExceptionally(StatusException.of(
                    Reason.INTERNAL_ERROR,
                    status.path("message").stringValue("the connection to the container was lost")));
        } catch (JacksonException | NumberFormatException e) {
            exit.completeExceptionally(StatusException.of(Reason.INTERNAL_ERROR, text));
        }
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    @Override
    public void resize(int width, int height) {
        if (resizeStream != 0) {
            byte[] size =
                    "{\"Width\":%d,\"Height\":%d}\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII);
            try {
                spdy.send(resizeStream, size, 0, size.length, false);
            } catch (IOException e) {
                // The process has ended: its terminal has no size any more.
            }
        }
    }

    @Override
    public int exitCode() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StatusException status) {
                throw status;
            }
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stdout.close();
        stderr.close();
        closeChannel();
        spdy.end();
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }

    /** What is written here goes to the process. */
    private final class Input extends OutputStream {
        private final int stream;
        private boolean closed;

        Input(int stream) {
            this.stream = stream;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int at, int length) throws IOException {
            for (int done = 0; done < length; done += CHUNK) {
                spdy.send(stream, bytes, at + done, Math.min(CHUNK, length - done), false);
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                spdy.send(stream, new byte[0], 0, 0, true);
            }
        }
    }
}
