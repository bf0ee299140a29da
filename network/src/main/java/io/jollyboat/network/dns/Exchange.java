package io.jollyboat.network.dns;

import io.jollyboat.world.World;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * One question to one server: by UDP, and by TCP where the reply was cut. Each query has an id of its own from the
 * world's chance and a port of its own from the kernel's, and only that server's reply to that question counts
 * (RFC 5452).
 */
final class Exchange {
    private static final Duration TCP_LIMIT = Duration.ofSeconds(2);

    /** Replies that belong to no query of ours are passed over, but not for ever. */
    private static final int MAX_STRANGERS = 16;

    private final World world;
    private final Sockets sockets;

    Exchange(World world, Sockets sockets) {
        this.world = world;
        this.sockets = sockets;
    }

    /** The reply; empty where none came in time or none could be read. */
    Optional<Message> ask(InetSocketAddress server, Question question, Duration limit) {
        try {
            Optional<Message> reply = byUdp(server, question, limit, true);
            if (reply.isPresent() && reply.get().answer().code() == ResponseCode.FORMERR) {
                reply = byUdp(server, question, limit, false); // a server from before EDNS
            }
            return reply.isPresent() && reply.get().truncated() ? byTcp(server, question) : reply;
        } catch (IOException e) {
            return Optional.empty(); // unreachable or too slow: the next server is asked
        }
    }

    private Optional<Message> byUdp(InetSocketAddress server, Question question, Duration limit, boolean edns)
            throws IOException {
        byte[] bytes = new byte[Request.EDNS_LIMIT];
        int id = world.random().nextInt(1 << 16);
        int length = new MessageWriter(bytes).query(id, question, edns);
        long deadline = world.nanoTime() + limit.toNanos();
        try (DatagramSocket socket = sockets.udpTo(server)) {
            socket.send(new DatagramPacket(bytes, length));
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            for (int i = 0; i < MAX_STRANGERS; i++) {
                socket.setSoTimeout(millisUntil(deadline));
                packet.setLength(bytes.length);
                socket.receive(packet);
                Optional<Message> reply =
                        MessageReader.read(bytes, packet.getLength()).filter(message -> message.replies(id, question));
                if (reply.isPresent()) {
                    return reply;
                }
            }
            return Optional.empty();
        }
    }

    private int millisUntil(long deadline) throws SocketTimeoutException {
        long left = Duration.ofNanos(deadline - world.nanoTime()).toMillis();
        if (left <= 0) {
            throw new SocketTimeoutException("no reply in time");
        }
        return (int) left;
    }

    private Optional<Message> byTcp(InetSocketAddress server, Question question) throws IOException {
        byte[] query = new byte[Request.PLAIN_LIMIT];
        int id = world.random().nextInt(1 << 16);
        int length = new MessageWriter(query).query(id, question, true);
        int millis = (int) TCP_LIMIT.toMillis();
        try (Socket socket = sockets.tcpTo(server, millis)) {
            socket.setSoTimeout(millis);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] framed = new byte[length + 2];
            framed[0] = (byte) (length >> 8);
            framed[1] = (byte) length;
            System.arraycopy(query, 0, framed, 2, length);
            out.write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] reply = new byte[in.readUnsignedShort()];
            in.readFully(reply);
            return MessageReader.read(reply, reply.length).filter(message -> message.replies(id, question));
        }
    }
}
