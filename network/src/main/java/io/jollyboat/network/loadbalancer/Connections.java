package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * TCP connections on their way to endpoints: each has a virtual thread and a buffer for either direction. A side that
 * has said all closes its half; when both have, or one breaks, the connection ends. Whoever cannot be led anywhere, for
 * want of endpoints or of room, is refused at once by a reset.
 */
final class Connections implements AutoCloseable {
    /** So many at a time, of all Services together; one more is refused. With their buffers they take 128 MiB. */
    static final int MOST = 4096;

    /** So many endpoints are tried for one client. */
    static final int MOST_TRIES = 5;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final int BUFFER_BYTES = 16 * 1024;

    private final World world;
    private final Choice choice;
    private final Dialer dialer;
    private final Semaphore room;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Connections(World world, Choice choice, Dialer dialer, int most) {
        this.world = world;
        this.choice = choice;
        this.dialer = dialer;
        this.room = new Semaphore(most);
    }

    /** Leads a client to an endpoint, in a task of its own. */
    void take(SocketChannel client, Claim claim) {
        if (!room.tryAcquire()) {
            reset(client);
            return;
        }
        clients.add(client);
        if (closed) {
            end(client);
            return;
        }
        world.start("load balancer of " + claim.service(), () -> lead(client, claim));
    }

    int open() {
        return clients.size();
    }

    @Override
    public void close() {
        closed = true;
        clients.forEach(Connections::reset);
    }

    private void lead(SocketChannel client, Claim claim) {
        Optional<SocketChannel> server = Optional.empty();
        try {
            InetAddress address = ((InetSocketAddress) client.getRemoteAddress()).getAddress();
            server = connected(claim, address);
        } catch (IOException e) {
            // The client has gone already.
        } finally {
            if (server.isEmpty()) {
                end(client);
            }
        }
        server.ifPresent(socket -> join(client, socket, claim));
    }

    private Optional<SocketChannel> connected(Claim claim, InetAddress client) {
        List<InetSocketAddress> order = choice.order(claim, client);
        for (InetSocketAddress endpoint : order.subList(0, Math.min(order.size(), MOST_TRIES))) {
            @Nullable SocketChannel socket = null;
            try {
                socket = dialer.tcp(endpoint.getAddress());
                socket.socket().connect(endpoint, (int) CONNECT_LIMIT.toMillis());
                choice.taken(claim, client, endpoint);
                return Optional.of(socket);
            } catch (IOException e) {
                if (socket != null) {
                    reset(socket);
                }
                choice.refused(claim, client);
            }
        }
        return Optional.empty();
    }

    static StandardProtocolFamily family(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 4
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    private void join(SocketChannel client, SocketChannel server, Claim claim) {
        AtomicInteger directions = new AtomicInteger(2);
        Runnable lastly = () -> {
            if (directions.decrementAndGet() == 0) {
                closeQuietly(server);
                end(client);
            }
        };
        try {
            for (SocketChannel side : List.of(client, server)) {
                side.setOption(StandardSocketOptions.TCP_NODELAY, true);
                side.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
        } catch (IOException e) {
            closeQuietly(client); // one side has gone already; copying will find out
        }
        world.start("load balancer of " + claim.service() + ", back", () -> copy(server, client, lastly));
        copy(client, server, lastly);
    }

    /**
     * Copies one direction to its end. When its source breaks, its target is reset, for a cut answer must not look like
     * a whole one. When its target breaks, the other direction will read so; what that still has to read is not lost.
     */
    private static void copy(SocketChannel from, SocketChannel to, Runnable lastly) {
        boolean reading = true;
        try {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (from.read(buffer.clear()) >= 0) {
                reading = false;
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                reading = true;
            }
            reading = false;
            to.shutdownOutput();
        } catch (IOException e) {
            if (reading) {
                reset(to);
                closeQuietly(from);
            }
        } finally {
            lastly.run();
        }
    }

    private void end(SocketChannel client) {
        if (clients.remove(client)) {
            reset(client);
            room.release();
        }
    }

    /** Closes so that the other side hears of a refusal; after an orderly end it is an orderly close. */
    static void reset(SocketChannel socket) {
        try {
            if (!socket.socket().isOutputShutdown()) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // It is closed already.
        }
        closeQuietly(socket);
    }

    static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // Nothing is left to be done with it.
        }
    }
}
