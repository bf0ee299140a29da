package io.jollyboat.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that nobody has, and that nobody gets by chance before they are used: none of them is given twice, and they lie
 * below those that the kernel gives to whoever asks for any (Linux' {@code ip_local_port_range}).
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int COUNT = 9_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() % COUNT));

    private FreePort() {}

    /**
     * One that is free on all addresses, for TCP and for UDP.
     *
     * @throws IllegalStateException where there is none
     */
    public static int next() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port);
                DatagramSocket udp = new DatagramSocket(port)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
