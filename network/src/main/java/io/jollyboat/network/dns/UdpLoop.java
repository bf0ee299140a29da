package io.jollyboat.network.dns;

import io.jollyboat.network.dns.Responder.Desk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads packets from one socket and answers each: at once what is known, and in a task of its own what others must be
 * asked for. Buffers and objects are used again and again.
 */
final class UdpLoop {
    private static final Logger LOG = System.getLogger(UdpLoop.class.getName());

    /** A query is far smaller; what is larger is cut by the kernel and then refused as unsound. */
    private static final int MAX_QUERY = 4_096;

    /** A loop that never runs dry lets other tasks have their turn now and then. */
    private static final int BURST = 64;

    /** So many errors of the socket in a row mean that it will not recover. */
    private static final int MAX_ERRORS = 1_000;

    private final DatagramChannel channel;
    private final Responder responder;
    private final Desk desk;
    private final Request request = new Request();
    private final byte[] query = new byte[MAX_QUERY];
    private final ByteBuffer in = ByteBuffer.allocateDirect(MAX_QUERY);
    private final ByteBuffer out = ByteBuffer.allocateDirect(Request.EDNS_LIMIT);

    /** Who asked last and was found to be one of the cluster. */
    private @Nullable SocketAddress served;

    UdpLoop(DatagramChannel channel, Responder responder) {
        this.channel = channel;
        this.responder = responder;
        this.desk = responder.new Desk(Request.EDNS_LIMIT);
    }

    /** Runs until the socket is closed. */
    void run() {
        int errors = 0;
        int count = 0;
        while (channel.isOpen() && errors < MAX_ERRORS) {
            try {
                step();
                errors = 0;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                errors++; // one client cannot be reached: no concern of the others
            }
            if (++count % BURST == 0) {
                Thread.yield();
            }
        }
        if (channel.isOpen()) {
            LOG.log(Level.ERROR, "DNS: the socket {0} fails again and again; its loop ends", channel);
        }
    }

    private void step() throws IOException {
        in.clear();
        @Nullable SocketAddress client = channel.receive(in);
        in.flip();
        int length = in.remaining();
        in.get(query, 0, length);
        if (client == null || !client.equals(served) && !serves(client)) {
            responder.drop();
            return;
        }
        served = client;
        int code = request.read(query, length);
        if (code == Request.DROP) {
            responder.drop();
            return;
        }
        int size = desk.reply(request, code, request.udpLimit());
        if (size > 0) {
            send(desk.out(), size, client);
        } else {
            forward(client);
        }
    }

    private boolean serves(@Nullable SocketAddress client) {
        return client instanceof InetSocketAddress inet && responder.serves(inet.getAddress());
    }

    private void send(byte[] reply, int size, SocketAddress client) throws IOException {
        out.clear();
        out.put(reply, 0, size).flip();
        channel.send(out, client);
    }

    private void forward(SocketAddress client) throws IOException {
        Request own = request.copy();
        boolean started = responder.later(() -> {
            Desk other = responder.new Desk(Request.EDNS_LIMIT);
            int size = other.ask(own, own.udpLimit());
            try {
                channel.send(ByteBuffer.wrap(other.out(), 0, size), client);
            } catch (IOException e) {
                // The client has gone, or the server is closing: nobody waits for this.
            }
        });
        if (!started) {
            send(desk.out(), desk.fail(request, request.udpLimit()), client);
        }
    }
}
