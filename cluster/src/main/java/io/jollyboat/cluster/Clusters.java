package io.jollyboat.cluster;

import io.jollyboat.api.Ip;
import io.jollyboat.network.loadbalancer.AddressPool;
import io.jollyboat.network.loadbalancer.Mode;
import io.jollyboat.node.host.NodeAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** The clusters of this machine: finds room for a new one beside the others. */
public final class Clusters {
    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,18}[a-z0-9])?");
    private static final int PORTS_TRIED = 1000;
    private static final int NODES_KEPT_CLEAR = 100;
    private static final String PROGRAM = "io.jollyboat.cli.Jolly";
    private static final Set<String> SERVING = Set.of("up", "server");

    private Clusters() {}

    /** Whether a cluster may be called so; names become those of folders, devices and namespaces. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * The settings of a cluster: those it has, with what is wished otherwise now, else new ones. They are kept.
     *
     * @param name of those that {@link #isName}
     * @param beforeChange is done before settings that are there change: the server reads them at its start only
     * @throws ClusterException when a port is taken, or the cluster exists with other settings
     */
    public static Settings findOrMake(String name, Wish wish, Runnable beforeChange) {
        Folders folders = Folders.of(name);
        Optional<Settings> present = Settings.read(folders.settings());
        if (present.isPresent()) {
            Settings kept = refuseOther(present.get(), wish);
            Settings changed = wish.appliedTo(kept);
            if (!changed.equals(kept)) {
                requireRoom(changed);
                beforeChange.run();
                changed.write(folders.settings());
            }
            return changed;
        }
        Settings plain = Settings.named(name)
                .withUplink(wish.uplink().orElse(true))
                .withIpv6(wish.ipv6().orElse(true));
        Settings made = wish.appliedTo(place(plain, wish.apiPort()));
        requireRoom(made);
        made.write(folders.settings());
        return made;
    }

    /** Pools of the user's own must not lie over addresses that this machine or a cluster uses. */
    private static void requireRoom(Settings settings) {
        if (settings.balancing().pools().isEmpty()) {
            return;
        }
        AddressPlan plan = AddressPlan.here(settings);
        List<String> used = new ArrayList<>(plan.podNetworks());
        used.addAll(plan.serviceNetworks());
        for (int number = 0; number < NODES_KEPT_CLEAR; number++) {
            plan.node(number).stream().map(NodeAddresses::node).forEach(used::add);
        }
        for (String other : Folders.clusters()) {
            Settings.read(Folders.of(other).settings())
                    .filter(s -> !s.name().equals(settings.name()))
                    .filter(s -> s.balancing().mode() == Mode.POOL)
                    .ifPresent(s -> AddressPlan.here(s).balancerPools().stream()
                            .map(AddressPool::toString)
                            .forEach(used::add));
        }
        used.addAll(ownAddresses());
        for (AddressPool pool : settings.balancing().pools()) {
            used.stream().filter(pool::overlaps).findFirst().ifPresent(taken -> {
                throw new ClusterException("the pool " + pool + " for load balancers lies over " + taken
                        + ", which is in use: choose another block of addresses");
            });
        }
    }

    private static List<String> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> Ip.of(address.getAddress()).toString())
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static Settings refuseOther(Settings present, Wish wish) {
        OptionalInt apiPort = wish.apiPort();
        Optional<Boolean> uplink = wish.uplink();
        String again = ": `jolly delete --name " + present.name() + "` first, or choose another --name";
        if (apiPort.isPresent() && apiPort.getAsInt() != present.apiPort()) {
            throw new ClusterException("cluster " + present.name() + " has its API on port " + present.apiPort()
                    + ", which cannot be changed" + again);
        }
        if (uplink.isPresent() && uplink.get() != present.uplink()) {
            throw new ClusterException("cluster " + present.name() + " was made "
                    + (present.uplink() ? "with" : "without") + " an uplink, which cannot be changed" + again);
        }
        if (wish.ipv6().isPresent() && wish.ipv6().get() != present.ipv6()) {
            throw new ClusterException("cluster " + present.name() + " was made "
                    + (present.ipv6() ? "with" : "without") + " IPv6, which cannot be changed" + again);
        }
        if (wish.nodes().isPresent() && wish.nodes().getAsInt() < present.nodes()) {
            throw new ClusterException(
                    "cluster %s has %d nodes, and `up` takes none away with what is on it (`jolly node stop`"
                                    .formatted(present.name(), present.nodes())
                            + " switches one off)" + again);
        }
        return present;
    }

    private static Settings place(Settings settings, OptionalInt apiPort) {
        Set<Integer> slots = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        for (String other : Folders.clusters()) {
            Settings.read(Folders.of(other).settings()).ifPresent(s -> {
                slots.add(s.slot());
                ports.add(s.apiPort());
                ports.add(s.registryPort());
            });
        }
        int slot = 0;
        while (slots.contains(slot) || ours(settings.at(slot, 0, 0).hostAddress())) {
            slot++;
        }
        if (slot >= Settings.SLOTS) {
            throw new ClusterException(Settings.SLOTS + " clusters are on this machine already: delete one");
        }
        int api;
        if (apiPort.isPresent()) {
            api = apiPort.getAsInt();
            requireFree(api);
        } else {
            api = freeFrom(Settings.DEFAULT_API_PORT, ports);
        }
        ports.add(api);
        return settings.at(slot, api, freeFrom(Settings.DEFAULT_REGISTRY_PORT, ports));
    }

    /** Whether an interface of this machine has that address: clusters kept elsewhere are not in our list. */
    private static boolean ours(String address) {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address)) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    /**
     * Refuses to start a cluster whose ports another program holds.
     *
     * @throws ClusterException saying what to do
     */
    public static void requireFree(Settings settings) {
        for (int port : new int[] {settings.apiPort(), settings.registryPort()}) {
            if (!free(port)) {
                throw new ClusterException("port " + port + " on 127.0.0.1, which cluster " + settings.name()
                        + " was made with, is taken by another program: stop that (`ss -ltnp` names it)");
            }
        }
    }

    private static void requireFree(int port) {
        if (!free(port)) {
            throw new ClusterException("port " + port + " on 127.0.0.1 is taken by another program: stop it (`ss -ltnp`"
                    + " names it) or choose another with --api-port");
        }
    }

    private static int freeFrom(int first, Set<Integer> taken) {
        for (int port = first; port < first + PORTS_TRIED; port++) {
            if (!taken.contains(port) && free(port)) {
                return port;
            }
        }
        throw new ClusterException("no free port from " + first + " to " + (first + PORTS_TRIED) + " on 127.0.0.1");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The process of the cluster's server if it runs, judged by the process itself, not by the file alone; found also
     * when the file is lost.
     */
    public static Optional<ProcessHandle> server(String name) {
        Folders folders = Folders.of(name);
        try {
            long id = Long.parseLong(Files.readString(folders.processId()).strip());
            Optional<ProcessHandle> named = ProcessHandle.of(id).filter(process -> serves(process, name));
            if (named.isPresent()) {
                return named;
            }
        } catch (IOException | NumberFormatException e) {
            // Then we look at all.
        }
        return ProcessHandle.allProcesses()
                .filter(process ->
                        serves(process, name) && writesTo(folders.log().toAbsolutePath(), process))
                .findFirst();
    }

    /** Whether its command line is {@code jolly up} or {@code jolly server} for that cluster. */
    private static boolean serves(ProcessHandle process, String name) {
        List<String> words = List.of(commandLine(process).split("\0"));
        int verb = words.indexOf(PROGRAM) + 1;
        return verb > 0
                && verb < words.size()
                && SERVING.contains(words.get(verb))
                && named(words).equals(name);
    }

    private static String named(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith("--name=")) {
                return words.get(i).substring("--name=".length());
            }
            if (words.get(i).equals("--name") && i + 1 < words.size()) {
                return words.get(i + 1);
            }
        }
        return Settings.DEFAULT_NAME;
    }

    /** A cluster of the same name may be kept elsewhere, and a command that only asks a server writes to its user. */
    private static boolean writesTo(Path log, ProcessHandle process) {
        try {
            String output = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "fd/1"))
                    .toString();
            return output.equals(log.toString()) || output.equals(log + " (deleted)");
        } catch (IOException e) {
            return false;
        }
    }

    /** Empty when the process has ended. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
