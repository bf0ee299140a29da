package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.ServiceTable;
import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * UDP clients on their way to endpoints: a client's datagrams go to one endpoint through a socket of their own, whose
 * answers go back to it. A flow ends when it was idle for {@link #IDLE}, when its endpoint has gone or answers that
 * nothing listens there; the client's next datagram then finds another endpoint.
 */
final class Flows implements AutoCloseable {
    /** So many at a time, of all Services together; datagrams of more clients are dropped. */
    static final int MOST = 1024;

    /** As long as the kernel keeps an answered flow of its own (nf_conntrack_udp_timeout_stream). */
    static final Duration IDLE = Duration.ofSeconds(120);

    static final Duration SWEEP = Duration.ofSeconds(10);

    /** The largest datagram that there is. */
    static final int DATAGRAM_BYTES = 65_535;

    /** A client that a datagram could not be brought to is led anew so often. */
    private static final int TRIES = 2;

    private static final System.Logger LOG = System.getLogger(Flows.class.getName());

    private record Way(DatagramChannel listener, InetSocketAddress client) {}

    private static final class Flow {
        private final Way way;
        private final Claim claim;
        private final InetSocketAddress endpoint;
        private final DatagramChannel socket;
        private volatile long used;
        private ServiceTable seen = ServiceTable.EMPTY; // only the listener's task looks

        Flow(Way way, Claim claim, InetSocketAddress endpoint, DatagramChannel socket, long now) {
            this.way = way;
            this.claim = claim;
            this.endpoint = endpoint;
            this.socket = socket;
            this.used = now;
        }
    }

    private final World world;
    private final Choice choice;
    private final Dialer dialer;
    private final int most;
    private final Map<Way, Flow> flows = new ConcurrentHashMap<>();
    private final Task sweeper;

    Flows(World world, Choice choice, Dialer dialer, int most) {
        this.world = world;
        this.choice = choice;
        this.dialer = dialer;
        this.most = most;
        this.sweeper = world.start("load balancer, idle flows", this::sweep);
    }

    int open() {
        return flows.size();
    }

    /** Brings one datagram on its way, or drops it as the network may. Only the listener's own task calls this. */
    void forward(Claim claim, DatagramChannel listener, InetSocketAddress client, ByteBuffer datagram) {
        Way way = new Way(listener, client);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            @Nullable Flow flow = flow(way, claim);
            if (flow == null) {
                return;
            }
            try {
                flow.used = world.nanoTime();
                flow.socket.write(datagram.rewind());
                return;
            } catch (IOException e) {
                choice.refused(claim, client.getAddress());
                end(flow);
            }
        }
    }

    private @Nullable Flow flow(Way way, Claim claim) {
        @Nullable Flow present = flows.get(way);
        if (present != null) {
            if (stays(present, claim)) {
                return present;
            }
            end(present);
        }
        if (flows.size() >= most) {
            return null;
        }
        List<InetSocketAddress> order = choice.order(claim, way.client.getAddress());
        return order.isEmpty() ? null : opened(way, claim, order.getFirst());
    }

    /** Looks at the endpoints only where the table has changed since the last look. */
    private boolean stays(Flow flow, Claim claim) {
        ServiceTable table = choice.table();
        if (flow.seen != table) {
            if (!flow.claim.equals(claim) || !Choice.stillThere(table, claim, flow.endpoint)) {
                return false;
            }
            flow.seen = table;
        }
        return flow.claim.equals(claim);
    }

    private @Nullable Flow opened(Way way, Claim claim, InetSocketAddress endpoint) {
        @Nullable DatagramChannel socket = null;
        try {
            socket = dialer.udp(endpoint.getAddress());
            socket.connect(endpoint);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: a datagram is lost: {1}", claim.service(), e.toString());
            if (socket != null) {
                Connections.closeQuietly(socket);
            }
            return null;
        }
        Flow flow = new Flow(way, claim, endpoint, socket, world.nanoTime());
        flows.put(way, flow);
        choice.taken(claim, way.client.getAddress(), endpoint);
        world.start("load balancer of " + claim.service() + ", back", () -> answers(flow));
        return flow;
    }

    private void answers(Flow flow) {
        ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM_BYTES);
        try {
            while (flow.socket.read(buffer.clear()) >= 0) {
                flow.used = world.nanoTime();
                flow.way.listener.send(buffer.flip(), flow.way.client);
            }
        } catch (IOException e) {
            if (flow.socket.isOpen()) {
                choice.refused(flow.claim, flow.way.client.getAddress());
            }
        } finally {
            end(flow);
        }
    }

    private void sweep() {
        try {
            while (true) {
                world.sleep(SWEEP);
                long now = world.nanoTime();
                flows.values().stream()
                        .filter(flow -> now - flow.used >= IDLE.toNanos())
                        .forEach(this::end);
            }
        } catch (InterruptedException e) {
            // The relay was closed.
        }
    }

    /** Ends the flows of a listener that was closed. */
    void end(DatagramChannel listener) {
        flows.values().stream()
                .filter(flow -> flow.way.listener.equals(listener))
                .forEach(this::end);
    }

    private void end(Flow flow) {
        flows.remove(flow.way, flow);
        Connections.closeQuietly(flow.socket);
    }

    @Override
    public void close() {
        sweeper.cancel();
        flows.values().forEach(this::end);
    }
}
