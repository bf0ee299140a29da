package io.jollyboat.cli;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Clusters;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.cluster.Settings;
import io.jollyboat.cluster.Turn;
import io.jollyboat.cluster.Wish;
import io.jollyboat.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jolly up}: from nothing, or from whatever is there, to a running cluster with the manifests applied. */
@Command(
        name = "up",
        description = "Makes the cluster if there is none, starts it if it is stopped, applies the manifests and waits"
                + " until they are ready.",
        mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {
    private static final int LAST_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Named cluster = new Named();

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            description = "the API's port on 127.0.0.1 (default: 6443, or the next that is free)")
    private @Nullable Integer apiPort;

    @Option(names = "--no-uplink", description = "cut the cluster off from everything outside of this machine")
    private boolean noUplink;

    @Option(
            names = "--no-ipv6",
            description = "give nodes, Pods and Services addresses of IPv4 only; without it they have addresses of IPv6"
                    + " besides, where the kernel has it")
    private boolean noIpv6;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "how many nodes, each with a network and containers of its own, from 1 to "
                    + Settings.MOST_NODES + " (default: 1); kept, and a larger number adds nodes")
    private @Nullable Integer nodes;

    @Mixin
    private Reached reached = new Reached();

    @Option(names = "--no-install", description = "only list missing packages, do not install them")
    private boolean noInstall;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "how long to wait for the manifests' objects (default: ${DEFAULT-VALUE})")
    private int waitSeconds;

    @Parameters(
            paramLabel = "MANIFEST",
            arity = "0..*",
            description = "files, or folders with *.yaml, *.yml and *.json")
    private List<Path> manifests = List.of();

    @Override
    public Integer call() {
        check();
        Optional<Boolean> uplink = noUplink ? Optional.of(false) : Optional.empty();
        Optional<Boolean> ipv6 = noIpv6 ? Optional.of(false) : Optional.empty();
        Wish wish = new Wish(given(apiPort), uplink, ipv6, reached.balancing, reached.dnsUpstreams(), given(nodes));
        World world = World.system();
        Progress progress = Progress.onStandardError(world);
        Manifests objects = Manifests.read(manifests);
        Requirements.meet(!noInstall, progress);
        Way way = running(wish, world, progress);
        if (!manifests.isEmpty()) {
            Path notes = cluster.folders().recipes();
            new Delivery(way, notes, world, progress).bring(manifests, objects, Duration.ofSeconds(waitSeconds));
        }
        say(progress);
        return 0;
    }

    private static OptionalInt given(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Whether the numbers make sense; what does not is wrong use. */
    private void check() {
        if (apiPort != null && (apiPort < 1 || apiPort > LAST_PORT)) {
            throw new ParameterException(spec.commandLine(), "--api-port takes a number from 1 to " + LAST_PORT);
        }
        if (nodes != null && (nodes < 1 || nodes > Settings.MOST_NODES)) {
            throw new ParameterException(spec.commandLine(), "--nodes takes a number from 1 to " + Settings.MOST_NODES);
        }
        if (waitSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--wait takes a number of seconds, 0 or more");
        }
    }

    /** A cluster that was half deleted, without settings: what runs of it is stopped, and its data taken over. */
    private void clear(World world, Progress progress) {
        boolean known = Files.exists(cluster.folders().settings());
        if (!known && Cluster.remains(cluster.name, cluster.folders())) {
            progress.step("stopping what is left of an earlier cluster", () -> {
                new Daemon(cluster.name, world).stop();
                Cluster.stopNodes(cluster.name, cluster.folders(), world);
                return true;
            });
        }
    }

    /** Stops the server, so that it comes back with other settings; Pods run on. */
    private void pause(World world, Progress progress) {
        progress.step(
                "stopping the server, to start it again with what is changed",
                () -> new Daemon(cluster.name, world).stop());
    }

    /** The cluster as it is wished, running: in another process, or from now on in this one. */
    private Way running(Wish wish, World world, Progress progress) {
        try (Turn _ = Turn.take(world)) {
            clear(world, progress);
            Settings settings = Clusters.findOrMake(cluster.name, wish, () -> pause(world, progress));
            Kubeconfig kubeconfig = Kubeconfig.read(Kubeconfig.userFile());
            Optional<Cluster> own = start(settings, world, progress);
            Kubeconfig.Access access = Cluster.administrator(settings, cluster.folders(), world);
            kubeconfig.with(cluster.context(), access).write();
            Way way = own.map(Way::into).orElseGet(() -> Way.into(cluster, access, world));
            awaitNodes(settings.nodeNames(), way, world, progress);
            return way;
        }
    }

    /** Of several nodes the first that is ready would get all Pods. */
    private static void awaitNodes(List<String> names, Way way, World world, Progress progress) {
        if (names.size() > 1) {
            progress.step("waiting for %d nodes".formatted(names.size()), () -> {
                NodeCommand.awaitReady(names, way.api(), world);
                return true;
            });
        }
    }

    /** Empty when it runs already; what was switched off of it is switched on. */
    private Optional<Cluster> start(Settings settings, World world, Progress progress) {
        if (new Daemon(cluster.name, world).process().isPresent()) {
            NodeCommand.startAll(cluster);
            return Optional.empty();
        }
        Clusters.requireFree(settings);
        Folders folders = cluster.folders();
        Ending ending = ((Jolly) spec.root().userObject()).ending;
        return Optional.of(progress.step(
                "starting the cluster",
                () -> ending.outlivedBy(() -> Cluster.start(settings, folders, world), folders, world)));
    }

    private void say(Progress progress) {
        progress.say("Cluster " + cluster.name + " runs; kubectl's context is " + cluster.context() + ".");
        if (!Requirements.onPath("kubectl")) {
            progress.say(
                    "There is no kubectl here: get one from kubernetes.io/docs/tasks/tools (any version from 1.32 on).");
        }
    }
}
