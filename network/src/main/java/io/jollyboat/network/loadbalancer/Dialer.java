package io.jollyboat.network.loadbalancer;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.NetworkNamespace;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;

/**
 * Opens sockets from which the Pods are in reach; whoever asked connects them. A socket belongs to the namespace in
 * which it was opened, so opening, which never waits, is all that has to happen inside.
 */
public interface Dialer {
    /** An unconnected, blocking socket; fails where the namespace is gone. */
    SocketChannel tcp(ProtocolFamily family) throws IOException;

    /** An unconnected, blocking socket; fails where the namespace is gone. */
    DatagramChannel udp(ProtocolFamily family) throws IOException;

    /** Dials from where the process itself is: for nodes that share the host's network, and for tests. */
    static Dialer own() {
        return new Dialer() {
            @Override
            public SocketChannel tcp(ProtocolFamily family) throws IOException {
                return SocketChannel.open(family);
            }

            @Override
            public DatagramChannel udp(ProtocolFamily family) throws IOException {
                return DatagramChannel.open(family);
            }
        };
    }

    /** Dials from inside a nested node's namespace. */
    static Dialer in(NetworkNamespace namespace) {
        Dialer own = own();
        return new Dialer() {
            @Override
            public SocketChannel tcp(ProtocolFamily family) throws IOException {
                return inside(namespace, () -> own.tcp(family));
            }

            @Override
            public DatagramChannel udp(ProtocolFamily family) throws IOException {
                return inside(namespace, () -> own.udp(family));
            }
        };
    }

    private static <T> T inside(NetworkNamespace namespace, Callable<T> opening) throws IOException {
        try {
            return namespace.call(opening);
        } catch (LinuxException e) {
            throw new IOException("cannot enter the network namespace " + namespace, e);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot open a socket in " + namespace, e);
        }
    }
}
