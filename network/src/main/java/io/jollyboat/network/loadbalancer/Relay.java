package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.loadbalancer.Claims.Claim;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ports of the host's loopback, and whom each of them leads to. One task at a time changes them. */
final class Relay implements AutoCloseable {
    /** So many ports at a time; a Service that wants more is told so. */
    static final int MOST_PORTS = 2048;

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final System.Logger LOG = System.getLogger(Relay.class.getName());

    private final World world;
    private final List<InetAddress> addresses;
    private final Connections connections;
    private final Flows flows;
    private final Map<Slot, Listener> listeners = new HashMap<>();

    Relay(World world, LiveTable table, Dialer dialer, List<InetAddress> addresses) {
        Choice choice = new Choice(world, table);
        this.world = world;
        this.addresses = List.copyOf(addresses);
        this.connections = new Connections(world, choice, dialer, Connections.MOST);
        this.flows = new Flows(world, choice, dialer, Flows.MOST);
    }

    /** The loopback addresses that this machine has: 127.0.0.1, and ::1 unless IPv6 is switched off. */
    static List<InetAddress> loopback() {
        List<InetAddress> found = new ArrayList<>();
        for (String text : List.of("127.0.0.1", "::1")) {
            InetAddress address = InetAddress.ofLiteral(text);
            try {
                if (NetworkInterface.getByInetAddress(address) != null) {
                    found.add(address);
                }
            } catch (SocketException e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: cannot tell whether the host has it: {1}", text, e);
            }
        }
        return found;
    }

    /**
     * Opens and closes ports until exactly these are open.
     *
     * @return those that could not be opened, each with the reason
     */
    Map<Slot, String> serve(Map<Slot, Claim> wanted) {
        listeners.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().close();
                LOG.log(
                        System.Logger.Level.INFO,
                        "{0}: port {1} of localhost is closed",
                        entry.getValue().claim().service(),
                        entry.getKey());
            }
            return gone;
        });
        Map<Slot, String> problems = new HashMap<>();
        wanted.forEach((slot, claim) -> {
            Listener present = listeners.get(slot);
            if (present != null) {
                present.serve(claim);
            } else if (listeners.size() >= MOST_PORTS) {
                problems.put(slot, "%d ports are open already".formatted(MOST_PORTS));
            } else {
                open(slot, claim, problems);
            }
        });
        return problems;
    }

    private void open(Slot slot, Claim claim, Map<Slot, String> problems) {
        try {
            Listener listener = slot.protocol() == Protocol.UDP
                    ? UdpListener.open(world, flows, addresses, slot, claim)
                    : TcpListener.open(world, connections, addresses, slot, claim);
            listeners.put(slot, listener);
            LOG.log(System.Logger.Level.INFO, "{0}: port {1} of localhost is open", claim.service(), slot);
        } catch (IOException e) {
            problems.put(slot, String.valueOf(e.getMessage()));
        }
    }

    int openConnections() {
        return connections.open();
    }

    int openFlows() {
        return flows.open();
    }

    /** Waits for the tasks that held closed sockets: the kernel gives a port back when the last of them has let go. */
    static void join(List<Task> tasks) {
        try {
            for (Task task : tasks) {
                task.join(LAST_WORDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives all ports back and ends all connections. */
    @Override
    public void close() {
        listeners.values().forEach(Listener::close);
        listeners.clear();
        connections.close();
        flows.close();
    }
}
