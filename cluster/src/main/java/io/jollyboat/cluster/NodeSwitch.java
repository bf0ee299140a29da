package io.jollyboat.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Switches the nodes of a running cluster on and off, from outside of its server's process. */
public final class NodeSwitch {
    private final Path socket;

    public NodeSwitch(Folders folders) {
        this.socket = folders.control();
    }

    /** Whether a server listens, or did. */
    public boolean isThere() {
        return Files.exists(socket);
    }

    /**
     * Switches a node on; returns before it is up.
     *
     * @throws ClusterException when there is no such node, or no server answers
     */
    public void on(String node) {
        ask("on " + node);
    }

    /**
     * Switches a node off as pulling its plug does; returns when nothing of it runs any more.
     *
     * @throws ClusterException when there is no such node, it cannot be ended, or no server answers
     */
    public void off(String node) {
        ask("off " + node);
    }

    /** The nodes in their order, and how each is. */
    public Map<String, NodeState> all() {
        Map<String, NodeState> all = new LinkedHashMap<>();
        for (String line : ask("list")) {
            String[] word = line.split(" ");
            all.put(word[0], NodeState.of(word[1]));
        }
        return all;
    }

    /** The lines of the answer. */
    private List<String> ask(String line) {
        List<String> answer;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            answer = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new ClusterException(
                    "the cluster's server does not answer at " + socket + " (" + e.getMessage() + "): is it up?", e);
        }
        if (answer.isEmpty() || !answer.getFirst().equals(ControlSocket.OK)) {
            throw new ClusterException(answer.isEmpty() ? "the server ended meanwhile" : answer.getFirst());
        }
        return answer.subList(1, answer.size());
    }
}
