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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures the API over HTTPS: ConfigMaps of 1 KiB updated (beside the same number of bytes put into an etcd, by the same
 * light client) and read, Pods listed, watches fed. The server and etcd are processes of their own. It takes about four
 * minutes, needs no root rights, and prints tables in Markdown.
 */
public final class ApiBench {
    private static final int VALUE_BYTES = 1_024;
    private static final int[] CLIENTS = {1, 16, 64};
    private static final int CLIENTS_TO_A_LINE = 16; // of HTTP/2
    private static final int COMPILED_AFTER = 2; // rounds
    private static final int CREATORS = 8;
    private static final int LISTED = 10_000;
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final int[] WATCHES = {100, 1_000};
    private static final int UPDATES_PER_SECOND = 20;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final World world = World.system();
    private final Traffic traffic = new Traffic(world);
    private final Set<String> parts;
    private final ControlPlane server;
    private final Etcd etcd;
    private final Connection access;

    private ApiBench(Set<String> parts, ControlPlane server, Etcd etcd) {
        this.parts = parts;
        this.server = server;
        this.etcd = etcd;
        this.access = server.administrator().connection();
    }

    /** Runs the parts that the arguments name ({@code writes}, {@code reads}, {@code lists}, {@code watches}), or all. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "api-bench");
        try (ControlPlane server = ControlPlane.start(folder.resolve("cluster"));
                Etcd etcd = Etcd.start(folder.resolve("etcd"), World.system(), Optional.of(server.certificates()))) {
            new ApiBench(Set.of(args), server, etcd).run();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        say("Load of the machine before: %s", Load.ofMachine());
        create(Resources.kind("v1", "ConfigMap"), CLIENTS[CLIENTS.length - 1], ApiBench::configMap);
        if (wanted("writes")) {
            writes();
        }
        if (wanted("reads")) {
            reads();
        }
        if (wanted("watches")) {
            watches();
        }
        if (wanted("lists")) {
            lists();
        }
        say("Load of the machine after: %s", Load.ofMachine());
    }

    private boolean wanted(String part) {
        return parts.isEmpty() || parts.contains(part);
    }

    private void writes() throws IOException, InterruptedException {
        List<Ask> updates = asks(i -> Ask.with("PUT", MAPS + "/bench-" + i, configMap(i)));
        byte[] value = (Ask.NUMBER + "x".repeat(VALUE_BYTES - Ask.DIGITS)).getBytes(StandardCharsets.US_ASCII);
        List<Ask> puts = asks(i -> Etcd.ask("/bench/" + i, value));
        say("");
        say("| writes | clients | per s | p50, p99 | processor time each | against etcd with TLS |");
        say("|---|---|---|---|---|---|");
        compile(updates.subList(0, CLIENTS[1]));
        for (int number : CLIENTS) {
            List<Ask> ours = updates.subList(0, number);
            List<Ask> theirs = puts.subList(0, number);
            var tls = traffic.measure(overHttp2(etcd.securePort(), true, theirs), etcd.process());
            var plain = traffic.measure(overHttp2(etcd.port(), false, theirs), etcd.process());
            var http2 = traffic.measure(overHttp2(server.port(), true, ours), server.process());
            var http1 = traffic.measure(overHttp1(ours), server.process());
            double unit = tls.load().perSecond();
            row("updates, HTTP/2", number, http2, unit);
            row("updates, HTTP/1.1", number, http1, unit);
            row("etcd puts, TLS", number, tls, unit);
            row("etcd puts, plain", number, plain, unit);
        }
    }

    /** One object at a time, by its name, beside an etcd that holds as large a value under each key. */
    private void reads() throws IOException, InterruptedException {
        List<Ask> gets = asks(i -> Ask.get(MAPS + "/bench-" + i));
        List<Ask> messages = gets.stream().map(ask -> ask.accepting(PROTOBUF)).toList();
        List<Ask> theirs = asks(i -> Etcd.get("/bench/" + i));
        byte[] value = "x".repeat(VALUE_BYTES).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < theirs.size(); i++) {
            etcd.put("/bench/" + i, value);
        }
        say("");
        say("| reads | clients | per s | p50, p99 | processor time each | against etcd with TLS |");
        say("|---|---|---|---|---|---|");
        compile(gets.subList(0, CLIENTS[1]));
        for (int number : CLIENTS) {
            var tls = traffic.measure(overHttp2(etcd.securePort(), true, theirs.subList(0, number)), etcd.process());
            double unit = tls.load().perSecond();
            read("JSON, HTTP/2", overHttp2(server.port(), true, gets.subList(0, number)), number, unit);
            read("protobuf, HTTP/2", overHttp2(server.port(), true, messages.subList(0, number)), number, unit);
            read("JSON, HTTP/1.1", overHttp1(gets.subList(0, number)), number, unit);
            row("etcd gets, TLS", number, tls, unit);
        }
    }

    private void read(String what, List<Traffic.Clients> clients, int number, double unit)
            throws IOException, InterruptedException {
        row(what, number, traffic.measure(clients, server.process()), unit);
    }

    private void lists() throws IOException, InterruptedException {
        create(Resources.kind("v1", "Pod"), LISTED, ApiBench::pod);
        say("");
        say("| of %,d Pods | bytes | p50, p99 | processor time each |", LISTED);
        say("|---|---|---|---|");
        Ask whole = Ask.get(PODS);
        list("the whole list", whole);
        list("the whole list, compressed", whole.zipped());
        list("a page of 500", Ask.get(PODS + "?limit=500"));
        list("those on one node (a field selector; none)", Ask.get(PODS + "?fieldSelector=spec.nodeName=x"));
    }

    private void list(String what, Ask ask) throws IOException, InterruptedException {
        long bytes;
        try (Http1Line line = new Http1Line(secure(server.port(), "http/1.1"), ask)) {
            line.ask(0, 0);
            bytes = line.answer();
        }
        var figures = traffic.measure(overHttp1(List.of(ask)), server.process());
        String times =
                time(figures.load().median()) + ", " + time(figures.load().slow());
        say("| %s | %,d | %s | %.1f ms |", what, bytes, times, figures.processor() / 1_000);
    }

    private void watches() throws IOException, InterruptedException {
        say("");
        say("| watches | updates/s | events/s | p50, p99 from the update's beginning | processor time for each"
                + " event |");
        say("|---|---|---|---|---|");
        Ask update = Ask.with("PUT", MAPS + "/bench-0", configMap(0));
        Feed feed = new Feed(
                world, () -> secure(server.port(), "http/1.1"), Ask.get(MAPS + "?watch=1"), update, UPDATES_PER_SECOND);
        for (int watches : WATCHES) {
            Traffic.Figures figures = feed.measure(watches, server.process());
            say(
                    "| %,d | %d | %,.0f | %s, %s | %.1f µs |",
                    watches,
                    UPDATES_PER_SECOND,
                    figures.load().perSecond(),
                    time(figures.load().median()),
                    time(figures.load().slow()),
                    figures.processor());
        }
    }

    /** The server's JVM compiles what it runs often; that takes a while. */
    private void compile(List<Ask> asks) throws IOException, InterruptedException {
        for (int i = 0; i < COMPILED_AFTER; i++) {
            traffic.measure(overHttp1(asks), server.process());
            traffic.measure(overHttp2(server.port(), true, asks), server.process());
        }
    }

    /** Makes {@code number} objects, by several clients. */
    private void create(Resource resource, int number, IntFunction<String> body) throws InterruptedException {
        HttpApi api = new HttpApi(access, world);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < CREATORS; i++) {
            int first = i;
            tasks.add(world.start("creator", () -> {
                for (int n = first; n < number; n += CREATORS) {
                    ObjectNode object = (ObjectNode) JsonMapper.shared().readTree(body.apply(n));
                    api.create(resource, "default", object, WriteOptions.by("bench"));
                }
            }));
        }
        for (Task task : tasks) {
            task.join(LIMIT);
        }
    }

    private static void row(String what, int clients, Traffic.Figures figures, double unit) {
        String ratio = unit == 0
                ? ""
                : String.format(Locale.ROOT, " %.2f |", figures.load().perSecond() / unit);
        say(
                "| %s | %d | %,.0f | %s, %s | %.0f µs |%s",
                what,
                clients,
                figures.load().perSecond(),
                time(figures.load().median()),
                time(figures.load().slow()),
                figures.processor(),
                ratio);
    }

    private static String time(long micros) {
        return String.format(Locale.ROOT, micros < 10_000 ? "%.2f ms" : "%.0f ms", micros / 1_000.0);
    }

    private static List<Ask> asks(IntFunction<Ask> asking) {
        List<Ask> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS[CLIENTS.length - 1]; i++) {
            all.add(asking.apply(i));
        }
        return all;
    }

    private List<Traffic.Clients> overHttp1(List<Ask> asks) throws IOException {
        List<Traffic.Clients> all = new ArrayList<>();
        for (Ask ask : asks) {
            all.add(new Traffic.Clients(new Http1Line(secure(server.port(), "http/1.1"), ask), 1));
        }
        return all;
    }

    private List<Traffic.Clients> overHttp2(int port, boolean tls, List<Ask> asks) throws IOException {
        List<Traffic.Clients> all = new ArrayList<>();
        for (int i = 0; i < asks.size(); i += CLIENTS_TO_A_LINE) {
            List<Ask> own = asks.subList(i, Math.min(i + CLIENTS_TO_A_LINE, asks.size()));
            Socket socket = tls ? secure(port, "h2") : new Socket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            all.add(new Traffic.Clients(new Http2Line(socket, tls ? "https" : "http", own), own.size()));
        }
        return all;
    }

    private Socket secure(int port, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) access.tls().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String configMap(int number) {
        return """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"bench-%d","namespace":"default"},\
            "data":{"value":"%s","count":"%s"}}\
            """.formatted(number, "x".repeat(VALUE_BYTES), Ask.NUMBER);
    }

    /** A Pod that no scheduler takes. */
    static String pod(int number) {
        return """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"bench-%d","namespace":"default",                "labels":{"app":"bench","number":"%d"}},"spec":{"schedulerName":"none","containers":[{"name":"main",                "image":"example.org/bench:1","ports":[{"containerPort":8080}],"env":[{"name":"A","value":"b"}],                "resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}]}}\
            """.formatted(number, number);
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
