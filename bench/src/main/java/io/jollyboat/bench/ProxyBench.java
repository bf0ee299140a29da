package io.jollyboat.bench;

import io.jollyboat.client.Key;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Nftables;
import io.jollyboat.linux.Nftables.Family;
import io.jollyboat.linux.Nftables.RawElement;
import io.jollyboat.linux.Program;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.EndpointPort;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service;
import io.jollyboat.network.proxy.Proxy;
import io.jollyboat.network.proxy.ProxySettings;
import io.jollyboat.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How long the proxy takes to program the rules of many Services, and one change among them, beside what the kernel alone
 * takes for such a change, and {@code nft -f} with the same elements. It waits without using a processor, for the proxy's
 * threads need two. Needs root; works in a network namespace of its own.
 */
public final class ProxyBench {
    private static final String NAME = "jolly-proxy-bench";
    private static final int ENDPOINTS = 5;
    private static final int CHANGES = 1_000;
    private static final int NFT_CHANGES = 9;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TABLE = "jollyboat_services";
    private static final String MAP = "endpoints";
    private static final ProxySettings SETTINGS = new ProxySettings(
            "bench",
            "",
            List.of("10.41.0.2"),
            List.of("10.42.0.0/24"),
            List.of("10.42.0.0/16"),
            List.of("10.43.0.0/16"),
            List.of("10.43.0.10"));

    private ProxyBench() {}

    /** Prints a table; the arguments are numbers of Services. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (ServerJvm.isAtHand()) {
            measure(arguments);
        } else {
            ServerJvm.run(ProxyBench.class, arguments);
        }
    }

    private static void measure(String[] arguments) throws IOException, InterruptedException {
        int[] sizes = arguments.length == 0
                ? new int[] {1_000, 10_000, 30_000}
                : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        System.out.println("load of the machine before: " + Load.ofMachine());
        System.out.println("| Services | load | one endpoint replaced, p50, p99 | Service added, p50, p99 "
                + "| endpoint replaced, the kernel alone, p50, p99 | nft -f load | nft -f endpoint replaced, p50 |");
        System.out.println("|---|---|---|---|---|---|---|");
        measure(100); // warms up
        for (int size : sizes) {
            System.out.println(measure(size));
        }
        System.out.println("load of the machine after: " + Load.ofMachine());
    }

    private static String measure(int size) throws InterruptedException {
        LiveTable table = new LiveTable();
        for (int i = 0; i < size; i++) {
            table.put(service(i));
            table.put(slice(i, 0));
        }
        String ours = ours(table, size);
        String script = Proxy.script(table.current(), SETTINGS);
        NetworkNamespace namespace = namespace();
        try {
            long start = System.nanoTime();
            nft(namespace, script);
            double load = millis(start);
            double[] replaced = new double[NFT_CHANGES];
            for (int i = 0; i < NFT_CHANGES; i++) {
                String key = "%s . tcp . 80 . 0".formatted(address(i));
                String change = "delete element ip jollyboat_services endpoints { %s }\n".formatted(key)
                        + "add element ip jollyboat_services endpoints { %s : 10.42.9.9 . 8080 }\n".formatted(key);
                start = System.nanoTime();
                nft(namespace, change);
                replaced[i] = millis(start);
            }
            return "| %,d | %s | %.0f ms | %.1f ms |".formatted(size, ours, load, percentile(replaced, 50));
        } finally {
            NetworkNamespace.delete(NAME);
        }
    }

    private static String ours(LiveTable table, int size) throws InterruptedException {
        NetworkNamespace namespace = namespace();
        long start = System.nanoTime();
        try (Proxy proxy = Proxy.start(World.system(), table, Optional.empty(), SETTINGS, namespace)) {
            await(proxy);
            double load = millis(start);
            double[] replaced = new double[CHANGES];
            double[] added = new double[CHANGES];
            for (int i = 0; i < CHANGES; i++) {
                start = System.nanoTime();
                table.put(slice(i % size, i + 1));
                await(proxy);
                replaced[i] = millis(start);
            }
            for (int i = 0; i < CHANGES; i++) {
                table.put(slice(size + i, 0));
                await(proxy);
                start = System.nanoTime();
                table.put(service(size + i));
                await(proxy);
                added[i] = millis(start);
            }
            double[] alone = alone(namespace);
            return "%.0f ms | %.2f ms, %.2f ms | %.2f ms, %.2f ms | %.2f ms, %.2f ms"
                    .formatted(
                            load,
                            percentile(replaced, 50),
                            percentile(replaced, 99),
                            percentile(added, 50),
                            percentile(added, 99),
                            percentile(alone, 50),
                            percentile(alone, 99));
        } finally {
            NetworkNamespace.delete(NAME);
        }
    }

    /** The same transaction as for a replaced endpoint, to the kernel's answer, without table, queue and plan. */
    private static double[] alone(NetworkNamespace namespace) {
        double[] took = new double[CHANGES];
        try (Nftables kernel = Nftables.open(namespace)) {
            List<RawElement> present = kernel.elements(Family.IP, TABLE, MAP);
            for (int i = 0; i < CHANGES; i++) {
                RawElement element = present.get(i % present.size());
                long start = System.nanoTime();
                kernel.change(Family.IP, TABLE, changes -> {
                    changes.remove(MAP, element);
                    changes.add(MAP, element);
                });
                took[i] = millis(start);
            }
        }
        return took;
    }

    private static void await(Proxy proxy) throws InterruptedException {
        if (!proxy.awaitShown(LIMIT)) {
            throw new IllegalStateException("the kernel did not show a change within " + LIMIT);
        }
    }

    private static NetworkNamespace namespace() {
        NetworkNamespace.delete(NAME);
        NetworkNamespace namespace = NetworkNamespace.create(NAME);
        Program.run("ip", "-n", NAME, "link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
        Program.run("ip", "-n", NAME, "link", "set", "eth0", "up");
        Program.run("ip", "-n", NAME, "addr", "add", "10.41.0.2/32", "dev", "eth0");
        return namespace;
    }

    private static void nft(NetworkNamespace namespace, String script) {
        Program.feed(script, List.of("nsenter", "--net=" + namespace.file(), "nft", "-f", "-"));
    }

    private static Service service(int i) {
        return PlainService.of(key(i).name(), "", address(i));
    }

    private static EndpointSlice slice(int i, int version) {
        EndpointPort port = new EndpointPort("", Protocol.TCP, 8080);
        Endpoint[] endpoints = new Endpoint[ENDPOINTS];
        for (int j = 0; j < ENDPOINTS; j++) {
            int number = i * ENDPOINTS + j;
            int last = j == ENDPOINTS - 1 ? version : 0;
            endpoints[j] = Endpoint.ready(
                    "10.%d.%d.%d".formatted(64 + (number >> 16) + last % 3 * 16, number >> 8 & 255, number & 255),
                    port);
        }
        return new EndpointSlice(new Key("bench", "s" + i + "-x"), key(i), List.of(endpoints));
    }

    private static Key key(int i) {
        return new Key("bench", "s" + i);
    }

    private static String address(int i) {
        return "10.43.%d.%d".formatted((i + 256) >> 8, i & 255);
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
