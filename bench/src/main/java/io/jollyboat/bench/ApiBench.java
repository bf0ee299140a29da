package io.jollyboat.bench;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.HttpApi;
import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.cluster.Settings;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures the API over HTTPS: ConfigMaps of 1 KiB updated (beside the same number of bytes put into an etcd in the
 * same run), read, and watched by many. Server and clients share this process and its processors. It takes about a
 * two minutes, and needs no root rights.
 */
public final class ApiBench {
    private static final Resource CONFIG_MAP = Resources.kind("v1", "ConfigMap");
    private static final WriteOptions BY = WriteOptions.by("bench");
    private static final int VALUE_BYTES = 1_024;
    private static final int[] CLIENTS = {1, 16, 64};
    private static final int CLIENT_PROCESSES = 4; // the clients share their ways in, as those of one process do
    private static final int COMPILED_AFTER = 3; // rounds until the JVM has compiled what it runs
    private static final int WATCHES = 100;
    private static final Duration WATCHED = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final World world = World.system();
    private final Load load = new Load(world);
    private final Path folder;

    private ApiBench(Path folder) {
        this.folder = folder;
    }

    /** Runs all; the argument is a folder on the disk to measure, by default the present one. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path parent = Path.of(args.length > 0 ? args[0] : ".").toAbsolutePath().normalize();
        Path folder = Files.createTempDirectory(parent, "api-bench");
        try {
            new ApiBench(folder).run();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        Folders folders = new Folders(folder.resolve("cluster"));
        Settings settings = Settings.named("bench").at(0, freePort(), freePort());
        try (Cluster _ = Cluster.rehearse(settings, folders, world);
                Etcd etcd = Etcd.start(folder.resolve("etcd"), world)) {
            Kubeconfig.Access access = Cluster.administrator(settings, folders, world);
            List<HttpApi> clients = new ArrayList<>();
            for (int i = 0; i < CLIENT_PROCESSES; i++) {
                clients.add(new HttpApi(access.connection(), world));
            }
            for (int i = 0; i < CLIENTS[CLIENTS.length - 1]; i++) {
                clients.getFirst().create(CONFIG_MAP, "default", configMap(i, 0), BY);
            }
            for (int i = 0; i < COMPILED_AFTER; i++) {
                load.measure((client, count) -> update(clients, client, count), CLIENTS[1]);
            }
            say("load of the machine before: %s", Load.ofMachine());
            writes(clients, etcd);
            reads(clients);
            watches(clients);
        }
    }

    private void writes(List<HttpApi> clients, Etcd etcd) throws InterruptedException {
        say("%7s  %31s  %31s  %s", "", "updates over HTTPS", "etcd puts over gRPC", "");
        say(
                "%7s  %9s %10s %10s  %9s %10s %10s  %s",
                "clients", "per s", "p50 us", "p99 us", "per s", "p50 us", "p99 us", "ratio");
        byte[] value = new byte[VALUE_BYTES];
        for (int number : CLIENTS) {
            Load.Figures ours = load.measure((client, count) -> update(clients, client, count), number);
            Load.Figures theirs = load.measure((client, _) -> etcd.put("/bench/" + client, value), number);
            say(
                    "%7d  %9.0f %10d %10d  %9.0f %10d %10d  %.2f",
                    number,
                    ours.perSecond(),
                    ours.median(),
                    ours.slow(),
                    theirs.perSecond(),
                    theirs.median(),
                    theirs.slow(),
                    ours.perSecond() / theirs.perSecond());
        }
    }

    private void reads(List<HttpApi> clients) throws InterruptedException {
        say("");
        say("%7s  %9s %10s %10s", "clients", "reads/s", "p50 us", "p99 us");
        for (int number : CLIENTS) {
            Load.Figures figures = load.measure(
                    (client, _) -> clients.get(client % clients.size()).get(target(client)), number);
            say("%7d  %9.0f %10d %10d", number, figures.perSecond(), figures.median(), figures.slow());
        }
    }

    private void watches(List<HttpApi> clients) throws InterruptedException {
        AtomicLong events = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        List<Task> tasks = new ArrayList<>();
        String version = clients.getFirst()
                .get(target(0))
                .path("metadata")
                .path("resourceVersion")
                .asString("");
        for (int i = 0; i < WATCHES; i++) {
            HttpApi client = clients.get(i % clients.size());
            tasks.add(world.start("watch " + i, () -> count(client, version, events, over)));
        }
        Load.Figures writes = load.measure((client, count) -> update(clients, client, count), 1);
        long before = events.get();
        long begin = world.nanoTime();
        AtomicBoolean stop = new AtomicBoolean();
        Task writer = world.start("writer", () -> {
            for (int count = 0; !stop.get(); count++) {
                update(clients, 0, count);
            }
        });
        world.sleep(WATCHED);
        double seconds = (world.nanoTime() - begin) / 1e9;
        long seen = events.get() - before;
        stop.set(true);
        over.set(true);
        writer.join(LIMIT);
        update(clients, 0, -1); // each watch sees it, and ends
        for (Task task : tasks) {
            task.cancel();
            task.join(LIMIT);
        }
        say("");
        say(
                "%d watches: %.0f events/s in all, one writer meanwhile %.0f updates/s (p50 %d us)",
                WATCHES, seen / seconds, writes.perSecond(), writes.median());
    }

    private static void count(HttpApi client, String version, AtomicLong events, AtomicBoolean over) {
        try (Watch watch = client.watch(CONFIG_MAP, "default", WatchOptions.from(version))) {
            while (!over.get() && !watch.ended()) {
                if (watch.next(Duration.ofSeconds(1)).isPresent()) {
                    events.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void update(List<HttpApi> clients, int client, int count) {
        clients.get(client % clients.size()).update(target(client), configMap(client, count), BY);
    }

    private static Target target(int number) {
        return Target.of(CONFIG_MAP, "default", "bench-" + number);
    }

    private static ObjectNode configMap(int number, int count) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        object.putObject("metadata").put("name", "bench-" + number).put("namespace", "default");
        object.putObject("data").put("value", "x".repeat(VALUE_BYTES)).put("count", Integer.toString(count));
        return object;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
