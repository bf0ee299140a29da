package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Accepts the TCP clients of one port. */
final class TcpListener implements Listener {
    /** Clients that wait to be accepted; the kernel lets more wait outside. */
    private static final int BACKLOG = 1024;

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final System.Logger LOG = System.getLogger(TcpListener.class.getName());

    private final World world;
    private final Connections connections;
    private final List<ServerSocketChannel> sockets = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private volatile Claim claim;

    private TcpListener(World world, Connections connections, Claim claim) {
        this.world = world;
        this.connections = connections;
        this.claim = claim;
    }

    /** @throws IOException when one of the addresses does not give the port; then none of them is held */
    static TcpListener open(World world, Connections connections, List<InetAddress> addresses, Slot slot, Claim claim)
            throws IOException {
        TcpListener listener = new TcpListener(world, connections, claim);
        try {
            for (InetAddress address : addresses) {
                InetSocketAddress local = new InetSocketAddress(address, slot.number());
                ServerSocketChannel socket = ServerSocketChannel.open(Connections.family(local));
                listener.sockets.add(socket);
                socket.bind(local, BACKLOG);
            }
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        for (ServerSocketChannel socket : listener.sockets) {
            listener.tasks.add(world.start("load balancer on " + slot, () -> listener.accept(socket)));
        }
        return listener;
    }

    @Override
    public Claim claim() {
        return claim;
    }

    @Override
    public void serve(Claim next) {
        claim = next;
    }

    private void accept(ServerSocketChannel socket) {
        while (socket.isOpen()) {
            try {
                connections.take(socket.accept(), claim);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: cannot accept clients: {1}", claim.service(), e.toString());
                if (!paused()) {
                    return;
                }
            }
        }
    }

    /** Waits before the next try: as a rule all file descriptors are in use. */
    private boolean paused() {
        try {
            world.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        sockets.forEach(Connections::closeQuietly);
        Relay.join(tasks);
    }
}
