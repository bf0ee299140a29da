package io.jollyboat.cluster;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.node.NodeException;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The server's ear for what is no matter of the API: which of its nodes are switched on. A socket in the cluster's
 * folder, for root alone; {@link NodeSwitch} is the other end. One line is asked ({@code on NODE}, {@code off NODE},
 * {@code list}); the answer is {@code ok}, or a sentence that says why not, and lines of what was asked for.
 */
final class ControlSocket implements AutoCloseable {
    static final String OK = "ok";

    private static final System.Logger LOG = System.getLogger(ControlSocket.class.getName());

    private final Path file;
    private final ServerSocketChannel socket;
    private final LocalNodes nodes;
    private final World world;

    private ControlSocket(Path file, ServerSocketChannel socket, LocalNodes nodes, World world) {
        this.file = file;
        this.socket = socket;
        this.nodes = nodes;
        this.world = world;
    }

    /**
     * Opens it, over what another process left.
     *
     * @throws ClusterException when that cannot be; the path of a socket, for one, has at most 107 bytes (unix(7))
     */
    static ControlSocket open(Path file, LocalNodes nodes, World world) {
        try {
            Files.deleteIfExists(file);
            ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            socket.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            ControlSocket control = new ControlSocket(file, socket, nodes, world);
            world.start("control", control::listen);
            return control;
        } catch (IOException e) {
            throw new ClusterException(
                    "the socket " + file + " cannot be made: " + e.getMessage() + " (choose a shorter $JOLLY_HOME?)",
                    e);
        }
    }

    private void listen() {
        try {
            while (true) {
                SocketChannel one = socket.accept();
                world.start("control", () -> serve(one));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(SocketChannel one) {
        try (one;
                BufferedReader in = new BufferedReader(Channels.newReader(one, StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(Channels.newWriter(one, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            if (line != null) {
                out.print(answer(line));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "control: {0}", e.toString());
        }
    }

    /** What is answered to a line. */
    String answer(String line) {
        String[] word = line.split(" ", 2);
        String node = word.length > 1 ? word[1] : "";
        try {
            switch (word[0]) {
                case "on" -> nodes.switchOn(node);
                case "off" -> nodes.switchOff(node);
                case "list" -> {
                    return OK + "\n" + listed(nodes.all());
                }
                default -> {
                    return "it is not known what \"" + word[0] + "\" means\n";
                }
            }
            return OK + "\n";
        } catch (ClusterException | NodeException | LinuxException e) {
            return String.valueOf(e.getMessage()).replace('\n', ' ') + "\n";
        }
    }

    private static String listed(Map<String, NodeState> all) {
        StringBuilder lines = new StringBuilder();
        all.forEach((name, state) -> lines.append("%s %s\n".formatted(name, state)));
        return lines.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        Files.deleteIfExists(file);
    }
}
