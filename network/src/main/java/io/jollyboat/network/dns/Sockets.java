package io.jollyboat.network.dns;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;

/** Opens sockets in one network namespace, where they then belong. */
final class Sockets {
    private static final int WAITING_CONNECTIONS = 64;

    private final NetworkNamespace namespace;
    private final boolean own;

    Sockets(NetworkNamespace namespace) {
        this.namespace = namespace;
        this.own = namespace.file().equals(NetworkNamespace.own().file());
    }

    ServerSocket listenTcp(InetSocketAddress address) throws IOException {
        return inside(() -> {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(address, WAITING_CONNECTIONS);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    /** A UDP socket on a port that the kernel drew, which hears nobody but that server. */
    DatagramSocket udpTo(InetSocketAddress server) throws IOException {
        return inside(() -> {
            DatagramSocket socket = new DatagramSocket();
            try {
                socket.connect(server);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    Socket tcpTo(InetSocketAddress server, int limitMillis) throws IOException {
        return inside(() -> {
            Socket socket = new Socket();
            try {
                socket.connect(server, limitMillis);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    private <T> T inside(Callable<T> opening) throws IOException {
        try {
            return own ? opening.call() : namespace.call(opening);
        } catch (IOException | LinuxException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot open a socket in " + namespace, e);
        }
    }
}
