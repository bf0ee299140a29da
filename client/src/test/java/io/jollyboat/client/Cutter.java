package io.jollyboat.client;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A port of the loopback address that passes bytes on to another and cuts connections after a number of bytes that
 * chance says, in the middle of whatever is being said; a bounded number of them, so that everybody comes to an end.
 */
final class Cutter implements AutoCloseable {
    private static final int MOST_CUTS = 60;
    /** As much as a TLS handshake and a few events; the longest lists and watches take more. */
    private static final int SHORTEST = 4_000;

    private static final int LONGEST = 60_000;

    private final int target;
    private final Random random; // guarded by this, also cuts
    private final ServerSocket port;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Task door;
    private int cuts;

    /** @param target port of the server */
    Cutter(int target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.port = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
        this.door = World.system().start("cutter", this::accept);
    }

    int port() {
        return port.getLocalPort();
    }

    /** How many connections were cut. */
    synchronized int cuts() {
        return cuts;
    }

    private void accept() {
        try {
            while (!port.isClosed()) {
                Socket client = port.accept();
                open.add(client);
                Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), target);
                open.add(server);
                long most = length();
                World.system().start("to the server", () -> pass(client, server, Long.MAX_VALUE));
                World.system().start("to the client", () -> pass(server, client, most));
            }
        } catch (IOException e) {
            // the end: the port is closed
        }
    }

    private synchronized long length() {
        return cuts < MOST_CUTS ? SHORTEST + random.nextInt(LONGEST - SHORTEST) : Long.MAX_VALUE;
    }

    private void pass(Socket from, Socket to, long most) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8 << 10];
            long left = most;
            for (int count; left > 0 && (count = in.read(buffer)) >= 0; ) {
                int passed = (int) Math.min(count, left);
                out.write(buffer, 0, passed);
                left -= passed;
            }
            if (left <= 0) {
                cut();
            }
        } catch (IOException e) {
            // one side is gone, and now the other
        }
    }

    private synchronized void cut() {
        cuts++;
    }

    @Override
    public void close() throws IOException {
        port.close();
        for (Socket socket : open) {
            socket.close();
        }
        door.cancel();
    }
}
