package io.jollyboat.server.http.streaming;

import io.jollyboat.api.StatusException;
import io.jollyboat.server.http.wire.Duplex;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.world.Pipe;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Connects ports of a Pod with a client: over SPDY, SPDY inside a WebSocket, or WebSocket channels. */
public final class PortForward {
    private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";

    public static final List<String> SOCKET_PROTOCOLS =
            List.of(TUNNEL, "v4.channel.k8s.io", "v4.base64.channel.k8s.io", "channel.k8s.io", "base64.channel.k8s.io");

    public static final List<String> SPDY_PROTOCOLS = List.of("portforward.k8s.io");

    private static final int PIPE = 256 << 10;
    private static final Duration FOREVER = Duration.ofDays(10_000);

    private final World world;

    public PortForward(World world) {
        this.world = world;
    }

    /** Opens a connection to a port. */
    @FunctionalInterface
    public interface Dialer {
        /** @throws IOException when nothing listens there */
        ByteChannel dial(int port) throws IOException;
    }

    /** Whether the agreed protocol needs the ports in the query. */
    public static boolean namesPorts(Upgrade upgrade) {
        return upgrade.webSocket() && !upgrade.protocol().equals(TUNNEL);
    }

    /**
     * Changes the protocol and serves until the client goes.
     *
     * @param ports that the query names; looked at only where {@link #namesPorts}
     */
    public void serve(Request request, Response response, Upgrade upgrade, List<Integer> ports, Dialer dialer)
            throws IOException, InterruptedException {
        Duplex connection = upgrade.accept(request, response);
        request.whenGone(connection::close);
        Set<ByteChannel> open = ConcurrentHashMap.newKeySet();
        try (connection) {
            if (namesPorts(upgrade)) {
                channels(new WebSocket(connection), upgrade, ports, dialer, open);
            } else if (upgrade.webSocket()) {
                WebSocket socket = new WebSocket(connection);
                spdy(new Spdy(new TunnelInput(socket), new TunnelOutput(socket)), dialer, open);
                socket.close(WebSocket.NORMAL);
            } else {
                spdy(new Spdy(connection.input(), connection.output()), dialer, open);
            }
        } finally {
            open.forEach(PortForward::closeQuietly);
        }
    }

    /** The two streams of one forwarded connection. */
    private record Pair(Spdy.Stream error, Spdy.Stream content) {}

    private void spdy(Spdy spdy, Dialer dialer, Set<ByteChannel> open) throws IOException {
        Map<String, Spdy.Stream> errors = new HashMap<>();
        spdy.run(stream -> {
            boolean error = stream.header("streamtype").equals("error");
            String id = stream.header("requestid");
            if (id.isEmpty()) { // older clients open a pair one after the other
                id = String.valueOf(error ? stream.id() : stream.id() - 2);
            }
            if (error) {
                errors.put(id, stream);
                return;
            }
            Spdy.Stream partner = errors.remove(id);
            if (partner != null) {
                Pair pair = new Pair(partner, stream);
                world.start("port-forward " + stream.header("port"), () -> forward(pair, dialer, open));
            }
        });
    }

    private void forward(Pair pair, Dialer dialer, Set<ByteChannel> open) {
        try {
            try {
                relay(dialer, number(pair.content.header("port")), pair.content.input(), pair.content, open);
            } catch (IOException | StatusException e) {
                pair.error.write(said(pair.content.header("port"), e).getBytes(StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            pair.content.close();
            pair.error.close();
        } catch (IOException e) {
            // the client has gone: nobody is left to be told
        } finally {
            pair.content.forget();
            pair.error.forget();
        }
    }

    private static String said(String port, Exception e) {
        return "error forwarding port " + port + ": " + e.getMessage();
    }

    private static int number(String port) throws IOException {
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new IOException("\"" + port + "\" is not a port");
        }
    }

    /** Copies both ways until both have ended, or one has failed. */
    private void relay(Dialer dialer, int port, InputStream from, OutputStream to, Set<ByteChannel> open)
            throws IOException, InterruptedException {
        try (ByteChannel channel = dialer.dial(port)) {
            open.add(channel);
            try {
                OutputStream target = Channels.newOutputStream(channel);
                Task sending = Commands.start(world, "to port " + port, () -> {
                    Commands.copy(from, target);
                    if (channel instanceof SocketChannel socket) {
                        socket.shutdownOutput();
                    }
                });
                Commands.copy(new UntilReset(channel), to);
                to.close();
                from.close();
                sending.join(FOREVER);
            } finally {
                open.remove(channel);
            }
        }
    }

    /**
     * What a Pod sends. A program that closes with input unread resets the connection; that ends this connection alone,
     * while kubectl would end the whole command if it were told of an error.
     */
    private static final class UntilReset extends FilterInputStream {
        UntilReset(ByteChannel channel) {
            super(Channels.newInputStream(channel));
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (SocketException e) {
                return -1;
            }
        }
    }

    private static void closeQuietly(ByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    /** Two channels for each port, one for content and one for errors; the first message on each names the port. */
    private void channels(WebSocket socket, Upgrade upgrade, List<Integer> ports, Dialer dialer, Set<ByteChannel> open)
            throws IOException {
        Pipe[] pipes = new Pipe[ports.size()];
        Set<Integer> running = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < pipes.length; i++) {
            pipes[i] = new Pipe(PIPE);
            running.add(i);
            byte[] port = {(byte) (int) ports.get(i), (byte) (ports.get(i) >> 8)};
            SocketClient.send(socket, upgrade, 2 * i, port, 0, port.length);
            SocketClient.send(socket, upgrade, 2 * i + 1, port, 0, port.length);
        }
        for (int i = 0; i < pipes.length; i++) {
            int index = i;
            world.start("port-forward " + ports.get(i), () -> {
                channel(socket, upgrade, index, ports.get(index), pipes[index], dialer, open);
                running.remove(index);
                if (running.isEmpty()) {
                    socket.close(WebSocket.NORMAL);
                }
            });
        }
        try {
            for (var message = socket.receive(); message.isPresent(); message = socket.receive()) {
                if (message.get().length > 0) {
                    take(upgrade.base64() ? SocketClient.decoded(message.get()) : message.get(), pipes);
                }
            }
        } finally {
            for (Pipe pipe : pipes) {
                pipe.end();
            }
        }
    }

    /** Clients send content only on the even channels. */
    private static void take(byte[] message, Pipe[] pipes) throws IOException {
        int channel = message[0] & 0xff;
        if (channel % 2 == 0 && channel / 2 < pipes.length) {
            pipes[channel / 2].write(message, 1, message.length - 1);
        }
    }

    private void channel(
            WebSocket socket, Upgrade upgrade, int index, int port, Pipe pipe, Dialer dialer, Set<ByteChannel> open) {
        try {
            try {
                relay(dialer, port, pipe, SocketClient.channel(socket, upgrade, 2 * index), open);
            } catch (IOException | StatusException e) {
                byte[] text = said(String.valueOf(port), e).getBytes(StandardCharsets.UTF_8);
                SocketClient.send(socket, upgrade, 2 * index + 1, text, 0, text.length);
            }
        } catch (IOException e) {
            // the client has gone: nobody is left to be told
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pipe.close();
        }
    }
}
