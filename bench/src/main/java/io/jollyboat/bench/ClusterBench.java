package io.jollyboat.bench;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.HttpApi;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.cluster.Settings;
import io.jollyboat.world.World;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures whole commands and a real cluster, which it makes and deletes: {@code up} cold and warm, memory and
 * processor time at rest, Pods made and deleted. It needs root rights and takes about three minutes.
 */
public final class ClusterBench {
    private static final String NAME = "bench";
    private static final Resource DEPLOYMENT = Resources.kind("apps/v1", "Deployment");
    private static final Resource POD = Resources.kind("v1", "Pod");
    private static final WriteOptions BY = WriteOptions.by(NAME);
    private static final int SLOT = 200; // this block of addresses and these ports are out of other clusters' way
    private static final int API_PORT = 26443;
    private static final int REGISTRY_PORT = 25050;
    private static final int ROUNDS = 5;
    private static final int PODS = 20;
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration SETTLE = Duration.ofSeconds(15);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final World world = World.system();
    private final String jolly;
    private final Path examples;
    private final Path folder;

    private ClusterBench(String jolly, Path examples, Path folder) {
        this.jolly = jolly;
        this.examples = examples;
        this.folder = folder;
    }

    /** Runs all; the arguments are the built command and the folder of the examples. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("cluster-bench");
        try {
            new ClusterBench(args[0], Path.of(args[1]), folder).run();
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        say("load of the machine before: %s", Load.ofMachine());
        try {
            starts();
            HttpApi api = api();
            idle();
            pods(api, 1);
            pods(api, PODS);
        } finally {
            command("delete", "--name", NAME);
        }
    }

    private void starts() throws IOException, InterruptedException {
        String manifests = examples.resolve("sleep").toString();
        List<Double> cold = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        List<Double> firstPod = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            command("delete", "--name", NAME);
            Path settings = folder.resolve("clusters/" + NAME + "/settings.json");
            Files.createDirectories(settings.getParent());
            Settings.named(NAME)
                    .withUplink(false)
                    .at(SLOT, API_PORT, REGISTRY_PORT)
                    .write(settings);
            cold.add(command("up", "--name", NAME, "--no-uplink"));
            command("down", "--name", NAME);
            warm.add(command("up", "--name", NAME, "--no-uplink"));
            command("down", "--name", NAME);
            firstPod.add(command("up", "--name", NAME, "--no-uplink", manifests));
            HttpApi api = api();
            for (String name : List.of("sleep-1", "sleep-2")) {
                api.delete(Target.of(DEPLOYMENT, "default", name), DeleteOptions.DEFAULT);
            }
            await(() -> found(api, "").isEmpty());
        }
        say("up, from the command's start to its end, ms (all of %d rounds, then the median)", ROUNDS);
        say("  no cluster, to a usable API               %s", told(cold));
        say("  a stopped cluster, to a usable API        %s", told(warm));
        say("  a stopped cluster, to two Pods running    %s", told(firstPod));
    }

    private static String told(List<Double> times) {
        String all = times.stream().map("%.0f"::formatted).collect(Collectors.joining(" "));
        return all + ", median "
                + "%.0f".formatted(times.stream().sorted().toList().get(times.size() / 2));
    }

    private void idle() throws InterruptedException {
        world.sleep(SETTLE);
        List<Long> server = Processes.of("/java", "io.jollyboat.cli.Jolly").stream()
                .filter(Processes.of("/java", NAME)::contains)
                .toList();
        List<Long> containerd = Processes.of("containerd", folder.toString());
        double serverBefore = Processes.processorSeconds(server);
        double containerdBefore = Processes.processorSeconds(containerd);
        world.sleep(IDLE);
        say("at rest for %d s, without Pods", IDLE.toSeconds());
        usage("server", server, serverBefore);
        usage("containerd", containerd, containerdBefore);
    }

    private void usage(String what, List<Long> processes, double before) {
        say(
                "  %-10s %d process, %.0f MiB, %.2f s of processor time (%.2f %% of one)",
                what,
                processes.size(),
                Processes.mebibytes(processes),
                Processes.processorSeconds(processes) - before,
                (Processes.processorSeconds(processes) - before) * 100 / IDLE.toSeconds());
    }

    private void pods(HttpApi api, int number) throws InterruptedException {
        Target target = Target.of(DEPLOYMENT, "default", "pods");
        api.create(DEPLOYMENT, "default", deployment(0), BY);
        long begin = world.nanoTime();
        scale(api, target, number);
        await(() -> found(api, "Running").size() == number);
        double running = (world.nanoTime() - begin) / 1e9;
        List<Long> shims = Processes.of("containerd-shim-runc-v2", NAME);
        double memory = Processes.mebibytes(shims);
        begin = world.nanoTime();
        scale(api, target, 0);
        await(() -> found(api, "").isEmpty());
        double gone = (world.nanoTime() - begin) / 1e9;
        api.delete(target, DeleteOptions.DEFAULT);
        say(
                "%d Pods: running after %.2f s (%.1f per s), deleted after %.2f s (%.1f per s); %d shims hold %.0f MiB",
                number, running, number / running, gone, number / gone, shims.size(), memory);
    }

    private static void scale(HttpApi api, Target target, int number) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").put("replicas", number);
        api.patch(target, new Patch.Merge(patch), BY);
    }

    /** The Pods in a phase; with "" those in any. */
    private static List<JsonNode> found(HttpApi api, String phase) {
        return api.list(POD, "default", ListOptions.ALL).items().stream()
                .filter(pod -> pod.path("status").path("phase").asString("").contains(phase))
                .map(JsonNode.class::cast)
                .toList();
    }

    private static ObjectNode deployment(int replicas) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "apps/v1").put("kind", "Deployment");
        object.putObject("metadata").put("name", "pods");
        ObjectNode spec = object.putObject("spec").put("replicas", replicas);
        spec.putObject("selector").putObject("matchLabels").put("app", "pods");
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", "pods");
        ObjectNode pod = template.putObject("spec").put("terminationGracePeriodSeconds", 1);
        pod.putArray("containers")
                .addObject()
                .put("name", "sleep")
                .put("image", "kiamol/ch03-sleep")
                .put("imagePullPolicy", "IfNotPresent");
        return object;
    }

    private HttpApi api() {
        return Kubeconfig.read(folder.resolve("kubeconfig"))
                .access("jolly-" + NAME)
                .map(access -> new HttpApi(access.connection(), world))
                .orElseThrow();
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long end = world.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (world.nanoTime() - end > 0) {
                throw new IllegalStateException("not within " + LIMIT.toSeconds() + " s");
            }
            world.sleep(STEP);
        }
    }

    /** Runs the command to its end; how many milliseconds that took. */
    private double command(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(jolly));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().put("JOLLY_HOME", folder.resolve("clusters").toString());
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        long begin = world.nanoTime();
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException(
                    "`" + String.join(" ", line) + "` failed: " + Files.readString(folder.resolve("said")));
        }
        return (world.nanoTime() - begin) / 1e6;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
