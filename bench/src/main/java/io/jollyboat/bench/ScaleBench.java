package io.jollyboat.bench;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * A simulated cluster: the real server with its store, controllers and scheduler in a process of its own, with nodes that
 * only say what kubelets say ({@link SimulatedNodes}). Deployments with Services are made, scaled, rolled out anew and
 * deleted, a tenth of the nodes fails, and meanwhile clients ask over HTTPS and are timed. Needs no root rights; takes
 * about six minutes, prints tables in Markdown.
 */
public final class ScaleBench {
    private static final Duration LIMIT = Duration.ofSeconds(180); // of each part
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration STEADY = Duration.ofSeconds(20);
    private static final int STEADY_PER_SECOND = 10;
    private static final int NAMESPACES = 10;
    private static final int CREATORS = 4;
    private static final Duration GRACE = Duration.ofSeconds(42); // until silence is noticed
    private static final Duration OBSERVED = Duration.ofSeconds(35);

    private final World world = World.system();
    private final ControlPlane server;
    private final Path folder;
    private final Verbs verbs = new Verbs();
    private final Caller caller;
    private final PodObserver observer;
    private final SimulatedNodes nodes;
    private final Probes probes;
    private final int deployments;
    private final int replicas;
    private double processor;

    private ScaleBench(ControlPlane server, Path folder, int nodes, int deployments, int replicas) {
        this.server = server;
        this.folder = folder;
        this.deployments = deployments;
        this.replicas = replicas;
        this.caller = new Caller(server.administrator().connection(), server.port(), world, verbs);
        this.observer = new PodObserver(caller, world);
        this.nodes = new SimulatedNodes(caller, world, nodes);
        this.probes = new Probes(caller, world, NAMESPACES);
    }

    /** Arguments: nodes, Deployments, Pods of each; 1000 300 100 by default. {@code 50 10 20} takes a minute and a half. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        int deployments = args.length > 1 ? Integer.parseInt(args[1]) : 300;
        int replicas = args.length > 2 ? Integer.parseInt(args[2]) : 100;
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "scale-bench");
        try (ControlPlane server = ControlPlane.start(folder.resolve("cluster"))) {
            new ScaleBench(server, folder, nodes, deployments, replicas).run();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        say("Load of the machine before: %s", Load.ofMachine());
        say("| part | took | processor | Pods bound | per s | bound after p50, p99 | running after p50, p99 |");
        say("|---|---|---|---|---|---|---|");
        List<String> latencies = new ArrayList<>();
        Task observing = world.start("observer", observer::follow);
        Task probing = world.start("probes", probes::run);
        try {
            part("nodes register", latencies, this::register);
            int all = deployments * replicas;
            part("Deployments made", latencies, () -> {
                each(deployments, this::makeDeployment);
                await(() -> observer.running() >= all);
            });
            memory();
            part("single Pods, " + STEADY_PER_SECOND + " a second", latencies, this::steady);
            part("a tenth of the Deployments halved, then doubled", latencies, this::scale);
            part("a twentieth rolled out anew", latencies, this::rollOut);
            part("a tenth of the nodes dies", latencies, this::fail);
            part("everything deleted", latencies, this::delete);
            memory();
        } finally {
            probes.end();
            observer.end();
            nodes.close();
            probing.cancel();
            observing.cancel();
            caller.close();
        }
        say("");
        say("| part | call | calls | p50 | p99 | slowest |");
        say("|---|---|---|---|---|---|");
        latencies.forEach(System.out::println);
        say("Calls of nodes that failed: %d, of clients: %d", nodes.failures(), probes.failures());
        say("Load of the machine after: %s", Load.ofMachine());
    }

    /** What a part does. */
    private interface Work {
        void act() throws InterruptedException;
    }

    private void part(String name, List<String> latencies, Work work) throws InterruptedException {
        verbs.take();
        long start = world.nanoTime();
        processor = Processes.processorSeconds(List.of(server.process()));
        work.act();
        double took = (world.nanoTime() - start) / 1e9;
        double used = Processes.processorSeconds(List.of(server.process())) - processor;
        PodObserver.Figures pods = observer.take();
        say(
                "| %s | %.1f s | %.1f s | %,d | %.0f | %.0f ms, %.0f ms | %.0f ms, %.0f ms |",
                name,
                took,
                used,
                pods.bound(),
                pods.boundPerSecond(),
                pods.placed().at(50),
                pods.placed().at(99),
                pods.started().at(50),
                pods.started().at(99));
        verbs.take()
                .forEach((verb, sample) -> latencies.add(String.format(
                        Locale.ROOT,
                        "| %s | %s | %,d | %.1f ms | %.1f ms | %.1f ms |",
                        name,
                        verb,
                        sample.size(),
                        sample.at(50),
                        sample.at(99),
                        sample.at(100))));
    }

    /** The one node that the server brings along gets no Pods. */
    private void register() throws InterruptedException {
        for (JsonNode node : caller.get("/api/v1/nodes").path("items")) {
            administer(
                    "PATCH",
                    "/api/v1/nodes/" + node.path("metadata").path("name").asString(""),
                    """
                    {"spec":{"unschedulable":true}}""");
        }
        each(NAMESPACES, i -> administer("POST", "/api/v1/namespaces", """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s"}}""".formatted(Probes.namespace(i))));
        nodes.start();
        await(() -> readyNodes() >= nodes.names().size());
    }

    private int readyNodes() {
        return nodesWith(node -> {
            boolean ready = StreamSupport.stream(
                            node.path("status").path("conditions").spliterator(), false)
                    .anyMatch(condition -> condition.path("type").asString("").equals("Ready")
                            && condition.path("status").asString("").equals("True"));
            return ready && node.path("spec").path("taints").isEmpty();
        });
    }

    private int nodesWith(java.util.function.Predicate<JsonNode> test) {
        try {
            int count = 0;
            for (JsonNode node : caller.get("/api/v1/nodes").path("items")) {
                count += test.test(node) ? 1 : 0;
            }
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void makeDeployment(int i) {
        String namespace = Probes.namespace(i % NAMESPACES);
        administer("POST", "/api/v1/namespaces/" + namespace + "/services", """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"app-%1$d"},
                 "spec":{"selector":{"app":"app-%1$d"},"ports":[{"port":80,"targetPort":8080}]}}""".formatted(i));
        administer("POST", "/apis/apps/v1/namespaces/" + namespace + "/deployments", """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app-%1$d"},"spec":{"replicas":%2$d,
                 "selector":{"matchLabels":{"app":"app-%1$d"}},"template":{"metadata":{"labels":{"app":"app-%1$d"}},
                 "spec":{"containers":[%3$s]}}}}""".formatted(
                        i, replicas, Probes.CONTAINER));
    }

    private void steady() throws InterruptedException {
        int count = (int) STEADY.toSeconds() * STEADY_PER_SECOND;
        int before = observer.running();
        for (int i = 0; i < count; i++) {
            administer("POST", "/api/v1/namespaces/" + Probes.namespace(i % NAMESPACES) + "/pods", """
                    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"single-%d","labels":{"app":"single"}},
                     "spec":{"containers":[%s]}}""".formatted(
                            i, Probes.CONTAINER));
            world.sleep(Duration.ofSeconds(1).dividedBy(STEADY_PER_SECOND));
        }
        await(() -> observer.running() >= before + count);
    }

    private void scale() throws InterruptedException {
        int some = Math.max(1, deployments / 10);
        int before = observer.present();
        int fewer = replicas / 2;
        each(some, i -> patchDeployment(i, "{\"spec\":{\"replicas\":" + (replicas - fewer) + "}}"));
        await(() -> observer.present() <= before - some * fewer);
        each(some, i -> patchDeployment(i, "{\"spec\":{\"replicas\":" + replicas + "}}"));
        await(() -> observer.running() >= before);
    }

    private void rollOut() throws InterruptedException {
        int some = Math.max(1, deployments / 20);
        each(
                some,
                i -> patchDeployment(
                        i, "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"rolled\":\"yes\"}}}}}"));
        for (int i = 0; i < some; i++) {
            String path = deployment(i);
            await(() -> {
                JsonNode status = json(path).path("status");
                return status.path("updatedReplicas").asInt(0) == replicas
                        && status.path("replicas").asInt(0) == replicas
                        && status.path("availableReplicas").asInt(0) == replicas;
            });
        }
    }

    private void fail() throws InterruptedException {
        int dying = Math.max(1, nodes.names().size() / 10);
        nodes.kill(dying);
        world.sleep(GRACE);
        await(() -> nodesWith(node -> tainted(node, "NoSchedule")) >= dying);
        world.sleep(OBSERVED);
        say(
                "(of %d nodes that died, %d have the taint that evicts)",
                dying, nodesWith(node -> tainted(node, "NoExecute")));
    }

    private static boolean tainted(JsonNode node, String effect) {
        return StreamSupport.stream(node.path("spec").path("taints").spliterator(), false)
                .anyMatch(taint -> taint.path("key").asString("").equals("node.kubernetes.io/unreachable")
                        && taint.path("effect").asString("").equals(effect));
    }

    /** Pods of dead nodes would only go when their nodes do. */
    private void delete() throws InterruptedException {
        probes.end();
        nodes.revive();
        each(NAMESPACES, i -> administer("DELETE", "/api/v1/namespaces/" + Probes.namespace(i), ""));
        await(() -> observer.present() <= 0);
    }

    private String deployment(int i) {
        return "/apis/apps/v1/namespaces/" + Probes.namespace(i % NAMESPACES) + "/deployments/app-" + i;
    }

    private void patchDeployment(int i, String patch) {
        administer("PATCH", deployment(i), patch);
    }

    private JsonNode json(String path) {
        try {
            return caller.get(path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void administer(String method, String path, String body) {
        try {
            caller.call(Caller.ADMINISTRATOR, method, method, path, method.equals("PATCH") ? Caller.MERGE : "", body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void each(int count, IntConsumer work) throws InterruptedException {
        ConcurrentLinkedQueue<Integer> left =
                new ConcurrentLinkedQueue<>(IntStream.range(0, count).boxed().toList());
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < CREATORS; i++) {
            tasks.add(world.start("creator", () -> {
                for (Integer n = left.poll(); n != null; n = left.poll()) {
                    work.accept(n);
                }
            }));
        }
        for (Task task : tasks) {
            task.join(LIMIT);
        }
    }

    private void await(BooleanSupplier reached) throws InterruptedException {
        long end = world.nanoTime() + LIMIT.toNanos();
        while (!reached.getAsBoolean()) {
            if (world.nanoTime() > end) {
                say(
                        "(given up after %d s: %,d Pods, %,d running)",
                        LIMIT.toSeconds(), observer.present(), observer.running());
                return;
            }
            world.sleep(LOOK);
        }
    }

    private void memory() throws IOException, InterruptedException {
        long heap = Heap.used(server.process());
        double store;
        try (var files = Files.walk(folder.resolve("cluster"))) {
            store = files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum()
                    / 1048576.0;
        }
        say(
                "(memory: heap %d MiB after a collection, resident %.0f MiB; store %.0f MiB; %,d Pods)",
                heap >> 20, Processes.mebibytes(List.of(server.process())), store, observer.present());
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
