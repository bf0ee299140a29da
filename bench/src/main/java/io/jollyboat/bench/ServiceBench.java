package io.jollyboat.bench;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.client.HttpApi;
import io.jollyboat.client.Key;
import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.cluster.Settings;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.EndpointPort;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service;
import io.jollyboat.network.proxy.Proxy;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How fast a Pod opens connections to another through a Service's address, beside the other Pod's own address, with
 * one Service and with many, and beside the stock kube-proxy where {@code bench/peers/build} has made it. Needs root;
 * takes four minutes with kube-proxy, one without.
 */
public final class ServiceBench {
    private static final int[] SERVICES = {1, 10_000};
    private static final int PORT = 8080;
    private static final int ROUNDS = 5;
    private static final int CONNECTIONS = 2_000; // a round
    private static final int CLIENTS = 4;
    private static final Duration STEP = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Resource SERVICE = Resources.kind("v1", "Service");
    private static final Resource SLICE = Resources.kind("discovery.k8s.io/v1", "EndpointSlice");
    private static final String NOWHERE = "10.42.0.99"; // the endpoint of all Services but the first

    private final World world = World.system();
    private final Path folder;

    private ServiceBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "service-bench");
        try {
            new ServiceBench(folder).run();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        Optional<Path> kubeProxy = Peers.find("kube-proxy");
        System.out.println("load of the machine before: " + Load.ofMachine());
        System.out.println("| rules | Services | to the Pod, p50, p99 | through the Service, p50, p99 | ratio of p50 |"
                + " to the Pod, per s | through the Service, per s | ratio |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int services : SERVICES) {
            try (Bed bed = new Bed();
                    var _ = Connections.answer(bed.answering(), Bed.ANSWERING, PORT)) {
                ours(bed, services);
            }
        }
        if (kubeProxy.isPresent()) {
            for (int services : SERVICES) {
                theirs(kubeProxy.get(), services);
            }
        }
        System.out.println("load of the machine after: " + Load.ofMachine());
    }

    private void ours(Bed bed, int services) throws IOException, InterruptedException {
        LiveTable table = new LiveTable();
        for (int i = 0; i < services; i++) {
            table.put(service(i));
            Endpoint endpoint = Endpoint.ready(endpoint(i), new EndpointPort("", Protocol.TCP, PORT));
            table.put(new EndpointSlice(new Key("bench", "s" + i + "-x"), key(i), List.of(endpoint)));
        }
        try (Proxy proxy = Proxy.start(world, table, Optional.empty(), Bed.SETTINGS, bed.node())) {
            while (!proxy.isCurrent()) {
                world.sleep(STEP);
            }
            measure(bed, "Jollyboat", services);
        }
    }

    /** An API with the same Services over HTTPS, and kube-proxy on the node, in both its modes for Linux. */
    private void theirs(Path program, int services) throws IOException, InterruptedException {
        Path data = folder.resolve("api-" + services);
        Folders folders = new Folders(data);
        Settings settings = Settings.named("bench").at(0, freePort(), freePort());
        try (Cluster _ = Cluster.rehearse(settings, folders, world)) {
            Kubeconfig.Access access = Cluster.administrator(settings, folders, world);
            fill(new HttpApi(access.connection(), world), services);
            for (String mode : List.of("nftables", "iptables")) {
                theirs(program, services, settings, access, mode);
            }
        }
    }

    private void theirs(Path program, int services, Settings settings, Kubeconfig.Access access, String mode)
            throws IOException, InterruptedException {
        Path data = folder.resolve(mode + "-" + services);
        try (Bed bed = new Bed();
                var _ = Connections.answer(bed.answering(), Bed.ANSWERING, PORT);
                Relay _ = Relay.open(bed.node(), settings.apiPort());
                KubeProxy proxy = KubeProxy.start(program, bed.node(), access, mode, data)) {
            if (awaitRules(bed, proxy, services)) {
                measure(bed, "kube-proxy, " + mode, services);
            } else {
                System.out.println("left out: kube-proxy, %s, %d Services: %s"
                        .formatted(mode, services, lastLine(data.resolve("log"))));
            }
        }
    }

    private static void fill(HttpApi api, int services) {
        for (int i = 0; i < services; i++) {
            api.create(SERVICE, "default", read("""
                    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s%d"},
                     "spec": {"clusterIP": "%s", "ports": [{"port": 80, "targetPort": %d}]}}
                    """.formatted(i, address(i), PORT)), SimulatedCluster.BY);
            api.create(SLICE, "default", read("""
                    {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                     "metadata": {"name": "s%1$d-x", "labels": {"kubernetes.io/service-name": "s%1$d"}},
                     "ports": [{"name": "", "port": %3$d, "protocol": "TCP"}],
                     "endpoints": [{"addresses": ["%2$s"], "conditions": {"ready": true}}]}
                    """.formatted(i, endpoint(i), PORT)), SimulatedCluster.BY);
        }
    }

    /** Waits until connections through the first Service succeed and the last one has rules as well. */
    private boolean awaitRules(Bed bed, KubeProxy proxy, int services) throws IOException, InterruptedException {
        long start = world.nanoTime();
        while (proxy.isAlive() && world.nanoTime() - start < LIMIT.toNanos()) {
            if (Connections.answers(bed.asking(), address(0), 80) && dump(bed).contains(address(services - 1))) {
                return true;
            }
            world.sleep(Duration.ofMillis(200));
        }
        return false;
    }

    /** All rules of the node, from nft, which lists those of the other mode too. */
    private static String dump(Bed bed) {
        return io.jollyboat.linux.Program.run("nsenter", "--net=" + bed.node().file(), "nft", "list", "ruleset");
    }

    private void measure(Bed bed, String rules, int services) throws IOException, InterruptedException {
        String service = address(0);
        Connections.open(bed.asking(), Bed.ANSWERING, PORT, CONNECTIONS); // warms up
        Connections.open(bed.asking(), service, 80, CONNECTIONS);
        Sample direct = new Sample();
        Sample through = new Sample();
        double directRate = 0;
        double throughRate = 0;
        for (int i = 0; i < ROUNDS; i++) {
            direct.addAll(Connections.open(bed.asking(), Bed.ANSWERING, PORT, CONNECTIONS));
            through.addAll(Connections.open(bed.asking(), service, 80, CONNECTIONS));
            directRate += Connections.rate(bed.asking(), Bed.ANSWERING, PORT, CLIENTS, CONNECTIONS / CLIENTS);
            throughRate += Connections.rate(bed.asking(), service, 80, CLIENTS, CONNECTIONS / CLIENTS);
        }
        System.out.println(String.format(
                Locale.ROOT,
                "| %s | %,d | %.0f µs, %.0f µs | %.0f µs, %.0f µs | %.2f | %,.0f | %,.0f | %.2f |",
                rules,
                services,
                direct.at(50) * 1e3,
                direct.at(99) * 1e3,
                through.at(50) * 1e3,
                through.at(99) * 1e3,
                through.at(50) / direct.at(50),
                directRate / ROUNDS,
                throughRate / ROUNDS,
                throughRate / directRate));
    }

    private static Service service(int i) {
        return PlainService.of(key(i).name(), "", address(i));
    }

    private static Key key(int i) {
        return new Key("bench", "s" + i);
    }

    private static String endpoint(int i) {
        return i == 0 ? Bed.ANSWERING : NOWHERE;
    }

    private static String address(int i) {
        return "10.43.%d.%d".formatted(100 + i / 250, 1 + i % 250);
    }

    private static ObjectNode read(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }

    private static String lastLine(Path log) throws IOException {
        return Files.readString(log).lines().reduce("", (_, last) -> last);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
