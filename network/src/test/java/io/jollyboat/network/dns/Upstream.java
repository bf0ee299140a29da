package io.jollyboat.network.dns;

import io.jollyboat.testing.FreePort;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A little DNS server on loopback that stands for the outside: it answers as a test says, and notes who asked what. */
final class Upstream implements AutoCloseable {
    private final Function<Question, Answer> answers;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Task> tasks;
    final List<Question> asked = new CopyOnWriteArrayList<>();
    final List<Integer> ports = new CopyOnWriteArrayList<>();
    final List<Integer> ids = new CopyOnWriteArrayList<>();
    volatile boolean silent;
    volatile boolean forges;
    volatile CountDownLatch gate = new CountDownLatch(0);

    Upstream(Function<Question, Answer> answers) throws IOException {
        this.answers = answers;
        tcp = new ServerSocket(FreePort.next(), 16, InetAddress.ofLiteral("127.0.0.1"));
        udp = new DatagramSocket(new InetSocketAddress("127.0.0.1", tcp.getLocalPort()));
        World world = World.system();
        tasks = List.of(world.start("upstream udp", this::serveUdp), world.start("upstream tcp", this::serveTcp));
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", tcp.getLocalPort());
    }

    private void serveUdp() {
        byte[] in = new byte[4_096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(in, in.length);
                udp.receive(packet);
                Request request = new Request();
                request.read(in, packet.getLength());
                ids.add(request.id());
                ports.add(packet.getPort());
                byte[] out = new byte[512];
                int length = reply(request, out, 512);
                if (forges) {
                    byte[] forged = out.clone();
                    forged[0] ^= 0x55;
                    udp.send(new DatagramPacket(forged, length, packet.getSocketAddress()));
                    udp.send(new DatagramPacket(new byte[5], 5, packet.getSocketAddress()));
                }
                if (!silent) {
                    udp.send(new DatagramPacket(out, length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // Closed, or the client has gone.
            }
        }
    }

    private int reply(Request request, byte[] out, int limit) {
        asked.add(request.question());
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new MessageWriter(out).reply(request, answers.apply(request.question()), limit);
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                Request request = new Request();
                request.read(query, query.length);
                byte[] out = new byte[MessageWriter.MAX_BYTES];
                int length = reply(request, out, out.length);
                DataOutputStream to = new DataOutputStream(socket.getOutputStream());
                to.writeShort(length);
                to.write(out, 0, length);
                to.flush();
            } catch (IOException e) {
                // Closed, or the client has gone.
            }
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        tasks.forEach(Task::cancel);
    }
}
