package io.jollyboat.network.loadbalancer;

import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint over TCP and UDP: it says its name, then all that it was told; over TCP once the client has said all. */
final class EchoServer implements AutoCloseable {
    private final String name;
    private final ServerSocketChannel streams;
    private final DatagramChannel datagrams;
    private final AtomicInteger accepted = new AtomicInteger();

    EchoServer(String name, ServerSocketChannel streams, DatagramChannel datagrams) {
        this.name = name;
        this.streams = streams;
        this.datagrams = datagrams;
        World.system().start("echo " + name, this::accept);
        World.system().start("echo datagrams " + name, this::receive);
    }

    static EchoServer start(String name) throws IOException {
        return start(name, "127.0.0.1");
    }

    static EchoServer start(String name, String address) throws IOException {
        InetSocketAddress any = new InetSocketAddress(address, 0);
        return new EchoServer(
                name,
                ServerSocketChannel.open().bind(any, 512),
                DatagramChannel.open().bind(any));
    }

    int tcpPort() throws IOException {
        return ((InetSocketAddress) streams.getLocalAddress()).getPort();
    }

    int udpPort() throws IOException {
        return ((InetSocketAddress) datagrams.getLocalAddress()).getPort();
    }

    /** How many TCP clients have come. */
    int accepted() {
        return accepted.get();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = streams.accept();
                accepted.incrementAndGet();
                World.system().start("echo client", () -> echo(client));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void echo(SocketChannel client) {
        try (client) {
            byte[] all = client.socket().getInputStream().readAllBytes();
            client.write(ByteBuffer.wrap((name + ":").getBytes(StandardCharsets.UTF_8)));
            ByteBuffer rest = ByteBuffer.wrap(all);
            while (rest.hasRemaining()) {
                client.write(rest);
            }
        } catch (IOException e) {
            // The client broke off, as some tests want it.
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        try {
            while (true) {
                var client = datagrams.receive(buffer.clear());
                String said = StandardCharsets.UTF_8.decode(buffer.flip()).toString();
                datagrams.send(ByteBuffer.wrap((name + ":" + said).getBytes(StandardCharsets.UTF_8)), client);
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    @Override
    public void close() throws IOException {
        streams.close();
        datagrams.close();
    }
}
