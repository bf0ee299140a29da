package io.jollyboat.bench;

import io.jollyboat.client.Key;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServicePort;
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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures the DNS server with dnsperf, beside knot with the same names on the same machine in the same run: queries
 * per second, and per second of processor time, which other work on the machine disturbs less. It takes two minutes
 * and needs Debian's {@code knot} and {@code dnsperf}.
 */
public final class DnsBench {
    private static final int SERVICES = 10_000;
    private static final int ROUNDS = 3;
    private static final String SECONDS = "5";
    private static final Pattern PER_SECOND = Pattern.compile("Queries per second:\\s+([0-9.]+)");
    private static final Pattern COMPLETED = Pattern.compile("Queries completed:\\s+([0-9]+)");
    private static final Pattern CODES = Pattern.compile("Response codes:\\s+(.*)");

    private final Path folder;

    private DnsBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("dns-bench");
        try {
            new DnsBench(folder).run();
        } finally {
            delete(folder);
        }
    }

    /** What dnsperf saw, and what it cost. */
    private record Figures(double perSecond, double perCpuSecond, String codes) {}

    private void run() throws IOException {
        Path names = write("names", "svc-%d.bench.svc.cluster.local A");
        Path misses = write("misses", "svc-%d.bench.svc.cluster.local.bench.svc.cluster.local A");
        World world = World.system();
        DnsSettings settings = DnsSettings.defaults()
                .withAddresses(List.of(InetAddress.ofLiteral("127.0.0.1")))
                .withPort(0);
        int knotPort = freePort();
        try (DnsServer ours =
                        DnsServer.start(world, table(), settings, NetworkNamespace.own(), NetworkNamespace.own());
                Knot knot = Knot.start(folder.resolve("knot"), knotPort, 1, "cluster.local", records())) {
            world.sleep(Duration.ofSeconds(3)); // knot loads its zone
            for (Path queries : List.of(names, misses, names, misses)) {
                measure(ours.port(), queries, DnsBench::ownCpu); // the compiler learns
            }
            say("%-22s %-10s %10s %14s  %s", "", "", "queries/s", "per CPU second", "codes");
            compare("a Service's address", names, ours, knot, knotPort);
            compare("a name that is missing", misses, ours, knot, knotPort);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void compare(String what, Path queries, DnsServer ours, Knot knot, int knotPort) {
        for (int i = 0; i < ROUNDS; i++) {
            Figures a = measure(ours.port(), queries, DnsBench::ownCpu);
            Figures b = measure(knotPort, queries, knot::cpu);
            say("%-22s %-10s %10.0f %14.0f  %s", what, "jollyboat", a.perSecond, a.perCpuSecond, a.codes);
            say("%-22s %-10s %10.0f %14.0f  %s", what, "knot", b.perSecond, b.perCpuSecond, b.codes);
            say("%-22s %-10s %10.2f %14.2f", what, "ratio", a.perSecond / b.perSecond, a.perCpuSecond / b.perCpuSecond);
        }
    }

    private static Figures measure(int port, Path queries, Supplier<Duration> cpu) {
        Duration before = cpu.get();
        String output = Program.run(
                "dnsperf",
                "-s",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
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
        double used = cpu.get().minus(before).toNanos() / 1e9;
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
            table.put(new Service(
                    new Key("bench", "svc-" + i),
                    Service.Type.CLUSTER_IP,
                    List.of(address(i)),
                    false,
                    "",
                    List.of(new ServicePort("http", Protocol.TCP, 80, 0)),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    false,
                    false,
                    List.of(),
                    0,
                    false));
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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
