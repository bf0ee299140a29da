package io.jollyboat.network.loadbalancer;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Opens sockets from which an endpoint is in reach; whoever asked connects them. A socket belongs to the namespace in
 * which it was opened, so opening, which never waits, is all that has to happen inside.
 */
public interface Dialer {
    /** An unconnected, blocking socket; fails where the namespace is gone. */
    SocketChannel tcp(InetAddress endpoint) throws IOException;

    /** An unconnected, blocking socket; fails where the namespace is gone. */
    DatagramChannel udp(InetAddress endpoint) throws IOException;

    /** Dials from where the process itself is: for nodes that share the host's network, and for tests. */
    static Dialer own() {
        return new Dialer() {
            @Override
            public SocketChannel tcp(InetAddress endpoint) throws IOException {
                return SocketChannel.open(family(endpoint));
            }

            @Override
            public DatagramChannel udp(InetAddress endpoint) throws IOException {
                return DatagramChannel.open(family(endpoint));
            }
        };
    }

    /** Dials from inside a nested node's namespace. */
    static Dialer in(NetworkNamespace namespace) {
        return from(endpoint -> Optional.of(namespace));
    }

    /**
     * Dials from inside one of several nested nodes.
     *
     * @param node the namespace from which an endpoint is reached, best that of the node on which it is; empty where
     *     none can
     */
    static Dialer from(Function<InetAddress, Optional<NetworkNamespace>> node) {
        Dialer own = own();
        return new Dialer() {
            @Override
            public SocketChannel tcp(InetAddress endpoint) throws IOException {
                return inside(chosen(endpoint), () -> own.tcp(endpoint));
            }

            @Override
            public DatagramChannel udp(InetAddress endpoint) throws IOException {
                return inside(chosen(endpoint), () -> own.udp(endpoint));
            }

            private NetworkNamespace chosen(InetAddress endpoint) throws IOException {
                return node.apply(endpoint)
                        .orElseThrow(() -> new IOException("no node reaches " + endpoint.getHostAddress()));
            }
        };
    }

    private static StandardProtocolFamily family(InetAddress address) {
        return address.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
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
