package io.jollyboat.bench;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Connection;
import io.jollyboat.client.HttpApi;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures what many readers cost: 1,000 and 3,000 watchers of one kind under churn, in each form in which they may ask;
 * lists of 10,000 Pods in each form. The server is a process of its own; all goes over HTTPS. It takes about three
 * minutes, needs no root rights, and prints tables in Markdown.
 */
public final class WatchBench {
    private static final String META = "as=%s;g=meta.k8s.io;v=v1";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final int PODS_LISTED = 10_000;
    private static final int CREATORS = 8;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Resource POD = Resources.kind("v1", "Pod");

    /** How many watchers, and how many updates in a second they all see. */
    private static final Map<Integer, Integer> WATCHES = new LinkedHashMap<>();

    private static final Map<String, String> FORMS = new LinkedHashMap<>();

    static {
        WATCHES.put(1_000, 10);
        WATCHES.put(3_000, 3);
        FORMS.put("JSON", Ask.JSON);
        FORMS.put("protobuf", "application/vnd.kubernetes.protobuf");
        FORMS.put("metadata", Ask.JSON + ";" + META.formatted("PartialObjectMetadata"));
        FORMS.put("table", Ask.JSON + ";" + META.formatted("Table"));
    }

    private final World world = World.system();
    private final Traffic traffic = new Traffic(world);
    private final ControlPlane server;
    private final Connection access;

    private WatchBench(ControlPlane server) {
        this.server = server;
        this.access = server.administrator().connection();
    }

    /** Runs {@code watches}, {@code lists}, or both; in all forms, or in those that are named, such as {@code table}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> parts = args.length == 0 ? List.of("watches", "lists") : List.of(args);
        if (FORMS.keySet().stream().anyMatch(parts::contains)) {
            FORMS.keySet().retainAll(parts);
        }
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "watch-bench");
        try (ControlPlane server = ControlPlane.start(folder.resolve("cluster"))) {
            WatchBench bench = new WatchBench(server);
            say("Load of the machine before: %s", Load.ofMachine());
            bench.create(0, 1);
            if (parts.contains("watches")) {
                bench.watches();
            }
            if (parts.contains("lists")) {
                bench.lists();
            }
            say("Load of the machine after: %s", Load.ofMachine());
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    /** Updates of a Pod, for its forms differ more than those of other kinds. */
    private void watches() throws IOException, InterruptedException {
        Ask update = Ask.with(
                "PATCH",
                PODS + "/bench-0",
                "{\"metadata\":{\"annotations\":{\"count\":\"" + Ask.NUMBER + "\"}}}",
                "application/merge-patch+json");
        say("");
        say("| watches | form | events/s | p50, p99 from the update's beginning | processor time for each event "
                + "| heap for each watch | resident memory for each |");
        say("|---|---|---|---|---|---|---|");
        for (Map.Entry<Integer, Integer> number : WATCHES.entrySet()) {
            for (Map.Entry<String, String> form : FORMS.entrySet()) {
                if (number.getKey() == 1_000 || form.getKey().equals("JSON")) {
                    watch(number.getKey(), number.getValue(), form.getKey(), form.getValue(), update);
                }
            }
        }
    }

    private void watch(int watches, int updates, String form, String accept, Ask update)
            throws IOException, InterruptedException {
        long heap = Heap.used(server.process());
        double resident = Processes.mebibytes(List.of(server.process()));
        long[] full = new long[1];
        double[] fullResident = new double[1];
        Feed feed = new Feed(world, this::door, Ask.get(PODS + "?watch=1").accepting(accept), update, updates);
        Traffic.Figures figures = feed.measure(watches, server.process(), () -> {
            full[0] = Heap.used(server.process());
            fullResident[0] = Processes.mebibytes(List.of(server.process()));
        });
        say(
                "| %,d | %s | %,.0f | %.1f ms, %.0f ms | %.1f µs | %.1f KiB | %.1f KiB |",
                watches,
                form,
                figures.load().perSecond(),
                figures.load().median() / 1e3,
                figures.load().slow() / 1e3,
                figures.processor(),
                (full[0] - heap) / 1024.0 / watches,
                (fullResident[0] - resident) * 1024 / watches);
    }

    private void lists() throws IOException, InterruptedException {
        create(1, PODS_LISTED);
        say("");
        say("| of %,d Pods | form | bytes | p50, p99 | processor time each |", PODS_LISTED);
        say("|---|---|---|---|---|");
        for (Map.Entry<String, String> form : FORMS.entrySet()) {
            String accept = form.getValue().replace("PartialObjectMetadata", "PartialObjectMetadataList");
            list("all", form.getKey(), Ask.get(PODS).accepting(accept));
            list("a page of 500", form.getKey(), Ask.get(PODS + "?limit=500").accepting(accept));
        }
    }

    private void list(String what, String form, Ask ask) throws IOException, InterruptedException {
        long bytes;
        try (Http1Line line = new Http1Line(door(), ask)) {
            line.ask(0, 0);
            bytes = line.answer();
        }
        Traffic.Figures figures =
                traffic.measure(List.of(new Traffic.Clients(new Http1Line(door(), ask), 1)), server.process());
        say(
                "| %s | %s | %,d | %.1f ms, %.0f ms | %.2f ms |",
                what,
                form,
                bytes,
                figures.load().median() / 1e3,
                figures.load().slow() / 1e3,
                figures.processor() / 1e3);
    }

    /** Makes Pods that no scheduler takes, from one number to another. */
    private void create(int from, int to) throws InterruptedException {
        HttpApi api = new HttpApi(access, world);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < CREATORS; i++) {
            int first = from + i;
            tasks.add(world.start("creator", () -> {
                for (int n = first; n < to; n += CREATORS) {
                    ObjectNode pod = (ObjectNode) JsonMapper.shared().readTree(ApiBench.pod(n));
                    api.create(POD, "default", pod, WriteOptions.by("bench"));
                }
            }));
        }
        for (Task task : tasks) {
            if (!task.join(LIMIT)) {
                throw new IllegalStateException("the Pods are not made in time");
            }
        }
    }

    private Socket door() throws IOException {
        SSLSocket socket = (SSLSocket) access.tls().getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setTcpNoDelay(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
