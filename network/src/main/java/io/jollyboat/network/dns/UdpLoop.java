package io.jollyboat.network.dns;

import io.jollyboat.linux.PacketSocket;
import io.jollyboat.network.dns.Responder.Desk;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Answers the packets of one socket: at once what is known, and in a task of its own what others must be asked for.
 * Buffers and objects are used again and again.
 */
final class UdpLoop implements PacketSocket.Handler {
    private static final Logger LOG = System.getLogger(UdpLoop.class.getName());

    /** A query is far smaller; what is larger is cut and then refused as unsound. */
    private static final int MAX_QUERY = 2_048;

    private static final long NOBODY = -1;

    private final Responder responder;
    private final Desk desk;
    private final Request request = new Request();
    private final byte[] query = new byte[MAX_QUERY];

    /** The IPv4 address that asked last and was found to be one of the cluster. */
    private long served = NOBODY;

    UdpLoop(Responder responder) {
        this.responder = responder;
        this.desk = responder.new Desk(Request.EDNS_LIMIT);
    }

    @Override
    public void packet(PacketSocket socket, int index) {
        try {
            handle(socket, index);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "DNS: a query from " + socket.address(index) + " was dropped", e);
            responder.drop();
        }
    }

    private void handle(PacketSocket socket, int index) {
        if (!serves(socket, index)) {
            responder.drop();
            return;
        }
        int code = request.read(query, socket.read(index, query));
        if (code == Request.DROP) {
            responder.drop();
            return;
        }
        int size = desk.reply(request, code, request.udpLimit());
        if (size == 0 && !forward(socket, socket.sender(index))) {
            size = desk.fail(request, request.udpLimit());
        }
        if (size > 0) {
            socket.answer(index, desk.out(), size);
        }
    }

    private boolean serves(PacketSocket socket, int index) {
        long client = socket.ipv4(index);
        if (client != NOBODY && client == served) {
            return true;
        }
        boolean serves = responder.serves(socket.address(index));
        served = serves ? client : served;
        return serves;
    }

    /** False where too many wait already. */
    private boolean forward(PacketSocket socket, byte[] client) {
        Request own = request.copy();
        return responder.later(() -> {
            Desk other = responder.new Desk(Request.EDNS_LIMIT);
            socket.send(other.out(), other.ask(own, own.udpLimit()), client);
        });
    }
}
