package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/** Receives the datagrams of one port. */
final class UdpListener implements Listener {
    private static final System.Logger LOG = System.getLogger(UdpListener.class.getName());

    private final Flows flows;
    private final List<DatagramChannel> sockets = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private volatile Claim claim;

    private UdpListener(Flows flows, Claim claim) {
        this.flows = flows;
        this.claim = claim;
    }

    /** @throws IOException when one of the addresses does not give the port; then none of them is held */
    static UdpListener open(World world, Flows flows, List<InetAddress> addresses, Slot slot, Claim claim)
            throws IOException {
        UdpListener listener = new UdpListener(flows, claim);
        try {
            for (InetAddress address : addresses) {
                InetSocketAddress local = new InetSocketAddress(address, slot.number());
                DatagramChannel socket = DatagramChannel.open(Connections.family(local));
                listener.sockets.add(socket);
                socket.bind(local);
            }
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        for (DatagramChannel socket : listener.sockets) {
            listener.tasks.add(world.start("load balancer on " + slot, () -> listener.receive(socket)));
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

    private void receive(DatagramChannel socket) {
        ByteBuffer buffer = ByteBuffer.allocate(Flows.DATAGRAM_BYTES);
        while (socket.isOpen()) {
            try {
                InetSocketAddress client = (InetSocketAddress) socket.receive(buffer.clear());
                flows.forward(claim, socket, client, buffer.flip());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "{0}: a datagram is lost: {1}", claim.service(), e.toString());
            }
        }
    }

    @Override
    public void close() {
        sockets.forEach(Connections::closeQuietly);
        Relay.join(tasks);
        sockets.forEach(flows::end);
    }
}
