package io.jollyboat.bench;

import io.jollyboat.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** TCP connections that are opened and at once cut off by the client (RST), so that neither side keeps anything. */
final class Connections {
    private static final int BACKLOG = 1024;
    private static final int KEPT = 256;
    private static final int LIMIT_MILLIS = 5_000;

    private Connections() {}

    /** Takes connections on a port in a namespace and ends them, until closed. */
    static ServerSocketChannel answer(NetworkNamespace namespace, String address, int port) throws IOException {
        ServerSocketChannel server =
                in(namespace, () -> ServerSocketChannel.open().bind(new InetSocketAddress(address, port), BACKLOG));
        Thread.ofPlatform().daemon().name("answers").start(() -> {
            Deque<SocketChannel> taken = new ArrayDeque<>();
            try {
                while (true) {
                    taken.add(server.accept());
                    if (taken.size() > KEPT) {
                        taken.remove().close(); // the client has ended it long since
                    }
                }
            } catch (IOException e) {
                taken.forEach(Connections::closeQuietly);
            }
        });
        return server;
    }

    /** Whether somebody answers there. */
    static boolean answers(NetworkNamespace from, String address, int port) throws IOException {
        return in(from, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), LIMIT_MILLIS);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Opens so many, one after another; how long each took until both sides had agreed. */
    static Sample open(NetworkNamespace from, String address, int port, int count) throws IOException {
        InetSocketAddress there = new InetSocketAddress(address, port);
        return in(from, () -> {
            Sample sample = new Sample();
            for (int i = 0; i < count; i++) {
                try (SocketChannel socket = SocketChannel.open()) {
                    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                    long start = System.nanoTime();
                    socket.connect(there);
                    sample.add(System.nanoTime() - start);
                }
            }
            return sample;
        });
    }

    /** Connections per second that several clients at once get, so many each. */
    static double rate(NetworkNamespace from, String address, int port, int clients, int count)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            List<Future<Sample>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> open(from, address, port, count)));
            }
            for (Future<Sample> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return clients * count * 1e9 / (System.nanoTime() - start);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was reset.
        }
    }

    private static <T> T in(NetworkNamespace namespace, Callable<T> work) throws IOException {
        try {
            return namespace.call(work);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
