package io.jollyboat.network.dns;

import io.jollyboat.network.dns.Responder.Desk;
import io.jollyboat.world.World;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Takes connections (RFC 7766): each is served by a task of its own, one query after the other. */
final class TcpDoor {
    private static final Logger LOG = System.getLogger(TcpDoor.class.getName());

    /** Connections at once; further ones are closed at once. */
    private static final int MAX_CONNECTIONS = 128;

    /** Who says nothing for so long is hung up on. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** Queries on one connection, so that nobody keeps a place for ever. */
    private static final int MAX_QUERIES = 10_000;

    private static final int MAX_QUERY = 4_096;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final World world;
    private final ServerSocket socket;
    private final Responder responder;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);

    TcpDoor(World world, ServerSocket socket, Responder responder) {
        this.world = world;
        this.socket = socket;
        this.responder = responder;
    }

    /** Runs until the socket is closed. */
    void run() {
        while (!socket.isClosed()) {
            try {
                admit(socket.accept());
            } catch (IOException e) {
                if (!pause()) {
                    return;
                }
            }
        }
    }

    /** Too many open files, say: that passes. */
    private boolean pause() {
        try {
            world.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void admit(Socket connection) throws IOException {
        if (!responder.serves(connection.getInetAddress()) || !places.tryAcquire()) {
            responder.drop();
            connection.close();
            return;
        }
        world.start("dns connection", () -> {
            try (connection) {
                serve(connection);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "DNS: a connection ended: {0}", e.getMessage());
            } finally {
                places.release();
            }
        });
    }

    private void serve(Socket connection) throws IOException {
        connection.setSoTimeout((int) IDLE.toMillis());
        connection.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(new BufferedInputStream(connection.getInputStream(), MAX_QUERY));
        OutputStream out = connection.getOutputStream();
        Desk desk = responder.new Desk(MessageWriter.MAX_BYTES);
        Request request = new Request();
        for (int i = 0; i < MAX_QUERIES; i++) {
            int length = in.readUnsignedShort();
            if (length > MAX_QUERY) {
                return;
            }
            byte[] query = new byte[length];
            in.readFully(query);
            int code = request.read(query, length);
            if (code == Request.DROP) {
                responder.drop();
                return;
            }
            int size = desk.reply(request, code, MessageWriter.MAX_BYTES);
            size = size > 0 ? size : desk.ask(request, MessageWriter.MAX_BYTES);
            byte[] framed = new byte[size + 2];
            framed[0] = (byte) (size >> 8);
            framed[1] = (byte) size;
            System.arraycopy(desk.out(), 0, framed, 2, size);
            out.write(framed);
        }
    }
}
