package io.jollyboat.bench;

import io.jollyboat.api.ListOptions;
import io.jollyboat.linux.Nftables;
import io.jollyboat.network.ServiceMirror;
import io.jollyboat.network.dns.DnsServer;
import io.jollyboat.network.dns.DnsSettings;
import io.jollyboat.network.proxy.Proxy;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long after a Pod's deletion its address is gone from a node's rules (read back from the kernel) and from the
 * answers of its DNS server (asked over UDP), at rest and while other Pods come and go. The API with its store on disk
 * and all controllers run in one process, as in a cluster and in such a JVM; the Pods only seem to run. Needs root; takes
 * two minutes.
 */
public final class DeletionBench {
    private static final int SERVICES = 20;
    private static final int PODS = 5; // of each Service
    private static final int[] CHURN = {0, 20, 100}; // other Pods deleted and made anew, each second
    private static final int WARM_UP = 300; // deletions until the JVM has compiled what it runs
    private static final int FORCED = 200;
    private static final Duration STEP = Duration.ofNanos(100_000);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final World world = World.system();
    private final SimulatedCluster plane;
    private final Nftables kernel;
    private final DatagramSocket client;
    private final List<Deque<Pod>> pods = new ArrayList<>();
    private final AtomicInteger made = new AtomicInteger();
    private long generation;
    private boolean present;

    private record Pod(String name, int service, InetAddress address) {}

    private DeletionBench(SimulatedCluster plane, Nftables kernel, DatagramSocket client) {
        this.plane = plane;
        this.kernel = kernel;
        this.client = client;
    }

    /** The argument is the number of deletions at each rate, 300 by default. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (ServerJvm.isAtHand()) {
            measure(arguments);
        } else {
            ServerJvm.run(DeletionBench.class, arguments);
        }
    }

    private static void measure(String[] arguments) throws IOException, InterruptedException {
        int deletions = arguments.length == 0 ? 300 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "deletion-bench");
        World world = World.system();
        DnsSettings dns = DnsSettings.defaults()
                .withAddresses(List.of(InetAddress.ofLiteral("127.0.0.1")))
                .withPort(0);
        try (Bed bed = new Bed();
                SimulatedCluster plane = new SimulatedCluster(folder.resolve("store"), world);
                ServiceMirror services = new ServiceMirror(plane.api(), world)) {
            services.start();
            services.awaitSynced();
            try (Proxy proxy = Proxy.start(world, services.table(), Optional.empty(), Bed.SETTINGS, bed.node());
                    DnsServer server = DnsServer.start(world, services.table(), dns, bed.node(), bed.node());
                    DatagramSocket client = socket(bed, server.port());
                    Nftables kernel = Nftables.open(bed.node())) {
                while (!proxy.isCurrent()) {
                    world.sleep(STEP);
                }
                new DeletionBench(plane, kernel, client).run(deletions);
                Sample forced = forced(folder.resolve("forced"));
                System.out.println(String.format(
                        Locale.ROOT,
                        "one forced write of 1 KiB to this disk: p50 %.2f ms, p99 %.2f ms; each deletion waits for two",
                        forced.at(50),
                        forced.at(99)));
            }
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    /** What the disk makes everybody wait at least who wants to be sure of a write. */
    private static Sample forced(Path file) throws IOException {
        Sample sample = new Sample();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < FORCED; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.wrap(new byte[1024]));
                channel.force(false);
                sample.add(System.nanoTime() - start);
            }
        }
        return sample;
    }

    private static DatagramSocket socket(Bed bed, int port) throws IOException {
        try {
            DatagramSocket socket = bed.node().call(DatagramSocket::new);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout((int) LIMIT.toMillis());
            return socket;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(int deletions) throws IOException, InterruptedException {
        for (int i = 0; i < SERVICES; i++) {
            String selected = "'selector': {'app': 'app-%d'}, 'ports': [{'port': 80, 'targetPort': 8080}]".formatted(i);
            plane.create(
                    SimulatedCluster.SERVICE,
                    "bench",
                    "{'metadata': {'name': 'web-%d'}, 'spec': {%s}}".formatted(i, selected));
            plane.create(
                    SimulatedCluster.SERVICE,
                    "bench",
                    "{'metadata': {'name': 'peers-%d'}, 'spec': {'clusterIP': 'None', %s}}".formatted(i, selected));
            pods.add(new ArrayDeque<>());
            for (int j = 0; j < PODS; j++) {
                pods.get(i).add(create(i));
            }
        }
        underChurn(WARM_UP, CHURN[1]);
        System.out.println("load of the machine before: " + Load.ofMachine());
        System.out.println("| other Pods replaced, per s | deletions | gone from the rules, p50, p99 |"
                + " gone from DNS, p50, p99 | slowest |");
        System.out.println("|---|---|---|---|---|");
        for (int rate : CHURN) {
            System.out.println(underChurn(deletions, rate));
        }
        System.out.println("load of the machine after: " + Load.ofMachine());
    }

    private String underChurn(int deletions, int rate) throws IOException, InterruptedException {
        AtomicInteger replaced = new AtomicInteger();
        Task churn = world.start("churn", () -> churn(rate, replaced));
        long start = world.nanoTime();
        try {
            Times times = measure(deletions, rate);
            double seconds = (world.nanoTime() - start) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "| %.0f | %d | %.1f ms, %.1f ms | %.1f ms, %.1f ms | %.1f ms |",
                    replaced.get() / seconds,
                    deletions,
                    times.rules.at(50),
                    times.rules.at(99),
                    times.dns.at(50),
                    times.dns.at(99),
                    Math.max(times.rules.at(100), times.dns.at(100)));
        } finally {
            churn.cancel();
            churn.join(LIMIT);
        }
    }

    /** Replaces Pods of half of the Services, of which none is measured. */
    private void churn(int rate, AtomicInteger replaced) {
        if (rate == 0) {
            return;
        }
        long step = Duration.ofSeconds(1).toNanos() / rate;
        long next = world.nanoTime();
        try {
            for (int i = 0; ; i++) {
                Deque<Pod> some = pods.get(SERVICES / 2 + i % (SERVICES / 2));
                Pod old = some.removeFirst();
                plane.delete(old.name);
                some.add(create(old.service));
                plane.remove(old.name);
                replaced.incrementAndGet();
                next += step;
                long pause = next - world.nanoTime();
                if (pause > 0) {
                    world.sleep(Duration.ofNanos(pause));
                } else if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private record Times(Sample rules, Sample dns) {}

    private Times measure(int deletions, int rate) throws IOException, InterruptedException {
        Sample rules = new Sample();
        Sample dns = new Sample();
        int services = rate == 0 ? SERVICES : SERVICES / 2;
        for (int i = 0; i < deletions; i++) {
            Deque<Pod> some = pods.get(i % services);
            Pod pod = some.removeFirst();
            await(pod, true, new Sample(), new Sample(), world.nanoTime());
            long start = world.nanoTime();
            plane.delete(pod.name);
            await(pod, false, rules, dns, start);
            some.add(create(pod.service));
            plane.remove(pod.name);
        }
        return new Times(rules, dns);
    }

    /** Looks into the kernel and asks DNS by turns until both show the address, or no longer do. */
    private void await(Pod pod, boolean wanted, Sample rules, Sample dns, long start)
            throws IOException, InterruptedException {
        boolean inRules = !wanted;
        boolean inDns = !wanted;
        generation = -1;
        while (inRules != wanted || inDns != wanted) {
            if (inRules != wanted && inRules(pod) == wanted) {
                inRules = wanted;
                rules.add(world.nanoTime() - start);
            }
            if (inDns != wanted && inDns(pod) == wanted) {
                inDns = wanted;
                dns.add(world.nanoTime() - start);
            }
            if (world.nanoTime() - start > LIMIT.toNanos()) {
                throw new IllegalStateException(pod + (wanted ? " does not appear; " : " does not go; ")
                        + plane.api()
                                .list(SimulatedCluster.POD, "bench", ListOptions.ALL)
                                .items()
                                .size() + " Pods");
            }
            world.sleep(STEP);
        }
    }

    private boolean inRules(Pod pod) {
        int now = kernel.generation();
        if (now != generation) {
            generation = now;
            byte[] wanted = pod.address.getAddress();
            present = kernel.elements(Nftables.Family.IP, "jollyboat_services", "endpoints").stream()
                    .anyMatch(element -> startsWith(element.value(), wanted, 0));
        }
        return present;
    }

    private boolean inDns(Pod pod) throws IOException {
        byte[] query = query("peers-%d.bench.svc.cluster.local".formatted(pod.service));
        client.send(new DatagramPacket(query, query.length));
        DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
        client.receive(answer);
        byte[] address = pod.address.getAddress();
        for (int i = query.length; i + address.length <= answer.getLength(); i++) {
            if (startsWith(answer.getData(), address, i)) {
                return true;
            }
        }
        return false;
    }

    /** A question for A records (RFC 1035, section 4.1). */
    private static byte[] query(String name) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.writeBytes(new byte[] {7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 0, 1, 0, 1});
        return out.toByteArray();
    }

    private static boolean startsWith(byte[] bytes, byte[] wanted, int from) {
        return java.util.Arrays.equals(bytes, from, from + wanted.length, wanted, 0, wanted.length);
    }

    private Pod create(int service) {
        int number = made.getAndIncrement();
        String address = "10.42.%d.%d".formatted(16 + number / 250, 2 + number % 250);
        Pod pod = new Pod("pod-" + number, service, InetAddress.ofLiteral(address));
        plane.createPod(pod.name, "app-" + service, address);
        return pod;
    }
}
