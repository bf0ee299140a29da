package io.jollyboat.bench;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.dns.DnsServer;
import io.jollyboat.network.dns.DnsSettings;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the DNS server with dnsperf, beside knot, and CoreDNS where {@code bench/peers/build} has made it, with the
 * same names on the same machine in the same run: queries per second, and per second of processor time, which other
 * work on the machine disturbs less. It takes three minutes and needs Debian's {@code knot} and {@code dnsperf}.
 */
public final class DnsBench {
    private static final int SERVICES = 10_000;
    private static final int ROUNDS = 5;
    private static final Duration LOADING = Duration.ofSeconds(3); // knot and CoreDNS read their zone
    private static final String SECONDS = "5";
    private static final Pattern PER_SECOND = Pattern.compile("Queries per second:\\s+([0-9.]+)");
    private static final Pattern COMPLETED = Pattern.compile("Queries completed:\\s+([0-9]+)");
    private static final Pattern CODES = Pattern.compile("Response codes:\\s+([A-Z]+)");

    private final Path folder;

    private DnsBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("dns-bench");
        try {
            new DnsBench(folder).run();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    /** What dnsperf saw, and what it cost. */
    private record Figures(double perSecond, double perCpuSecond, String codes) {}

    /** A server to ask: where, and how much processor time it has used. */
    private record Server(String name, int port, Supplier<Duration> cpu) {}

    private void run() throws IOException {
        Path names = write("names", "svc-%d.bench.svc.cluster.local A");
        Path misses = write("misses", "svc-%d.bench.svc.cluster.local.bench.svc.cluster.local A");
        World world = World.system();
        DnsSettings settings = DnsSettings.defaults()
                .withAddresses(List.of(InetAddress.ofLiteral("127.0.0.1")))
                .withPort(0);
        Path knotFolder = folder.resolve("knot");
        int knotPort = freePort();
        List<Server> servers = new ArrayList<>();
        try (DnsServer ours =
                        DnsServer.start(world, table(), settings, NetworkNamespace.own(), NetworkNamespace.own());
                Knot knot = Knot.start(knotFolder, knotPort, 1, "cluster.local", records())) {
            servers.add(new Server("Jollyboat", ours.port(), DnsBench::ownCpu));
            servers.add(new Server("knot", knotPort, knot::cpu));
            Optional<Path> program = Peers.find("coredns");
            if (program.isEmpty()) {
                compare(world, names, misses, servers);
                return;
            }
            int port = freePort();
            try (CoreDns core = CoreDns.start(
                    program.get(), folder.resolve("coredns"), port, "cluster.local", knotFolder.resolve("zone"))) {
                servers.add(new Server("CoreDNS", port, core::cpu));
                compare(world, names, misses, servers);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void compare(World world, Path names, Path misses, List<Server> servers)
            throws IOException, InterruptedException {
        world.sleep(LOADING);
        for (Path queries : List.of(names, misses, names, misses)) {
            measure(servers.getFirst(), queries); // the compiler learns
        }
        say("load of the machine before: %s", Load.ofMachine());
        say("| question | server | queries/s | per CPU second | Jollyboat's multiple of both | answers |");
        say("|---|---|---|---|---|---|");
        compare("a Service's address", names, servers);
        compare("a name that is missing", misses, servers);
        say("load of the machine after: %s", Load.ofMachine());
    }

    /** Asks them by turns; what counts is the median of the rounds. */
    private static void compare(String what, Path queries, List<Server> servers) {
        Map<Server, List<Figures>> all = new LinkedHashMap<>();
        for (int i = 0; i < ROUNDS; i++) {
            for (Server server : servers) {
                all.computeIfAbsent(server, _ -> new ArrayList<>()).add(measure(server, queries));
            }
        }
        double ours = median(all.getOrDefault(servers.getFirst(), List.of()), Figures::perSecond);
        double oursPerCpu = median(all.getOrDefault(servers.getFirst(), List.of()), Figures::perCpuSecond);
        all.forEach((server, rounds) -> {
            double rate = median(rounds, Figures::perSecond);
            double perCpu = median(rounds, Figures::perCpuSecond);
            say(
                    "| %s | %s | %,.0f | %,.0f | %.2f, %.2f | %s |",
                    what, server.name, rate, perCpu, ours / rate, oursPerCpu / perCpu, rounds.getLast().codes);
        });
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> what) {
        double[] sorted = rounds.stream().mapToDouble(what).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Figures measure(Server server, Path queries) {
        Duration before = server.cpu.get();
        String output = Program.run(
                "dnsperf",
                "-s",
                "127.0.0.1",
                "-p",
                String.valueOf(server.port),
                "-d",
                queries.toString(),
                "-l",
                SECONDS,
                "-c",
                "8",
                "-T",
                "1",
                "-q",
                "200");
        double used = server.cpu.get().minus(before).toNanos() / 1e9;
        double completed = Double.parseDouble(find(COMPLETED, output));
        return new Figures(Double.parseDouble(find(PER_SECOND, output)), completed / used, find(CODES, output));
    }

    private static String find(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("dnsperf said: " + output);
        }
        return matcher.group(1);
    }

    private static Duration ownCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static LiveTable table() {
        LiveTable table = new LiveTable();
        for (int i = 0; i < SERVICES; i++) {
            table.put(PlainService.of("svc-" + i, "http", address(i)));
        }
        return table;
    }

    private static List<String> records() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            records.add("svc-" + i + ".bench.svc A " + address(i));
        }
        return records;
    }

    private static String address(int index) {
        return "10.43." + (index / 250 + 1) + "." + (index % 250 + 1);
    }

    private Path write(String file, String line) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            lines.add(line.formatted(i));
        }
        return Files.write(folder.resolve(file), lines);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
