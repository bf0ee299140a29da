package io.jollyboat.bench;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.network.ServiceMirror;
import io.jollyboat.network.dns.DnsServer;
import io.jollyboat.network.dns.DnsSettings;
import io.jollyboat.network.proxy.Proxy;
import io.jollyboat.world.World;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Memory that Services take: the server with its store on disk, all controllers, the service table, one node's proxy
 * and DNS server in this process, first without Services and then with many of 5 endpoints each. The kernel's part is
 * what unreclaimable slab and vmalloc memory of the whole machine grow by while the rules are loaded. Needs root; takes
 * a minute.
 */
public final class MemoryBench {
    private static final Resource SLICE = Resources.kind("discovery.k8s.io/v1", "EndpointSlice");
    private static final int ENDPOINTS = 5;
    private static final int COLLECTIONS = 3; // until finalizers and soft references have settled
    private static final Duration SETTLED = Duration.ofSeconds(3);
    private static final Duration STEP = Duration.ofMillis(10);

    private final World world = World.system();

    private MemoryBench() {}

    /** The argument is the number of Services, 10,000 by default. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int services = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "memory-bench");
        try {
            new MemoryBench().run(folder, services);
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run(Path folder, int services) throws IOException, InterruptedException {
        DnsSettings settings = DnsSettings.defaults()
                .withAddresses(List.of(InetAddress.ofLiteral("127.0.0.1")))
                .withPort(0);
        try (Bed bed = new Bed();
                SimulatedCluster plane = new SimulatedCluster(folder.resolve("store"), world);
                ServiceMirror mirror = new ServiceMirror(plane.api(), world)) {
            mirror.start();
            mirror.awaitSynced();
            try (DnsServer _ = DnsServer.start(world, mirror.table(), settings, bed.node(), bed.node())) {
                System.out.println("load of the machine: " + Load.ofMachine());
                System.out.println("| Services of 5 endpoints | heap in use | resident memory | kernel, rules |");
                System.out.println("|---|---|---|---|");
                line(bed, mirror, 0);
                for (int i = 0; i < services; i++) {
                    make(plane, i);
                }
                while (mirror.table().current().size() < services) {
                    world.sleep(STEP);
                }
                line(bed, mirror, services);
            }
        }
    }

    /** Starts a proxy over what is there, so that its rules' part of the kernel shows, and tells the sizes. */
    private void line(Bed bed, ServiceMirror mirror, int services) throws IOException, InterruptedException {
        settle();
        double before = kernelMebibytes();
        try (Proxy proxy = Proxy.start(world, mirror.table(), Optional.empty(), Bed.SETTINGS, bed.node())) {
            while (!proxy.isCurrent()) {
                world.sleep(STEP);
            }
            double kernel = kernelMebibytes() - before;
            settle();
            double heap =
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
            double resident =
                    Processes.mebibytes(List.of(ProcessHandle.current().pid()));
            System.out.println(String.format(
                    Locale.ROOT, "| %,d | %.0f MiB | %.0f MiB | %.0f MiB |", services, heap, resident, kernel));
        }
    }

    private void settle() throws InterruptedException {
        world.sleep(SETTLED);
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
    }

    private static double kernelMebibytes() throws IOException {
        long kibibytes = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("SUnreclaim:") || line.startsWith("VmallocUsed:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        return kibibytes / 1024.0;
    }

    private static void make(SimulatedCluster plane, int i) {
        plane.create(
                SimulatedCluster.SERVICE,
                "bench",
                "{'metadata': {'name': 's%d'}, 'spec': {'ports': [{'port': 80, 'targetPort': 8080}]}}".formatted(i));
        StringBuilder endpoints = new StringBuilder();
        for (int j = 0; j < ENDPOINTS; j++) {
            int number = i * ENDPOINTS + j;
            endpoints.append("%s{'addresses': ['10.%d.%d.%d'], 'conditions': {'ready': true}, 'nodeName': 'bench'}"
                    .formatted(j == 0 ? "" : ", ", 64 + (number >> 16), number >> 8 & 255, number & 255));
        }
        plane.create(SLICE, "bench", """
                {'metadata': {'name': 's%1$d-x', 'labels': {'kubernetes.io/service-name': 's%1$d'}}, 'addressType': 'IPv4',
                 'ports': [{'name': '', 'port': 8080, 'protocol': 'TCP'}], 'endpoints': [%2$s]}
                """.formatted(i, endpoints));
    }
}
