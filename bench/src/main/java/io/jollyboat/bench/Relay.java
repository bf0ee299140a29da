package io.jollyboat.bench;

import io.jollyboat.linux.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;

/** A port on the loopback address of a namespace that leads to the same one of this process' own. */
final class Relay implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final ServerSocketChannel server;

    private Relay(ServerSocketChannel server) {
        this.server = server;
    }

    static Relay open(NetworkNamespace namespace, int port) throws IOException {
        try {
            Relay relay = new Relay(
                    namespace.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, port))));
            Thread.ofVirtual().name("relay").start(() -> relay.run(port));
            return relay;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(int port) {
        try {
            while (true) {
                Socket inside = server.accept().socket();
                Socket outside = new Socket(LOOPBACK, port);
                Thread.ofVirtual().start(() -> copy(inside, outside));
                Thread.ofVirtual().start(() -> copy(outside, inside));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (SocketException e) {
            // The other side has gone.
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
