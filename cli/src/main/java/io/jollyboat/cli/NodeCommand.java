package io.jollyboat.cli;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.client.HttpApi;
import io.jollyboat.cluster.ClusterException;
import io.jollyboat.cluster.NodeState;
import io.jollyboat.cluster.NodeSwitch;
import io.jollyboat.world.World;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jolly node}: the cluster's nodes as machines that can be switched off and on. */
@Command(
        name = "node",
        description = "Lists the nodes of this machine, switches them off and on.",
        mixinStandardHelpOptions = true)
final class NodeCommand implements Runnable {
    private static final Duration UP_LIMIT = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(20);

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: ls, stop or start");
    }

    @Command(name = "ls", description = "Lists the nodes: up, starting or off.", mixinStandardHelpOptions = true)
    int list(@Mixin Named cluster) {
        PrintWriter out = spec.commandLine().getOut();
        nodes(cluster).all().forEach((name, state) -> out.println(name + " " + state));
        out.flush();
        return 0;
    }

    @Command(
            name = "stop",
            description = "Switches nodes off as pulling their plugs does: the cluster finds out by itself and, after"
                    + " 40 seconds, calls them not ready.",
            mixinStandardHelpOptions = true)
    int stop(@Mixin Named cluster, @Parameters(arity = "1..*", paramLabel = "NODE") List<String> names) {
        Progress progress = Progress.onStandardError(World.system());
        NodeSwitch nodes = nodes(cluster);
        for (String name : names) {
            progress.step("switching off " + name, () -> {
                nodes.off(name);
                return true;
            });
        }
        return 0;
    }

    @Command(
            name = "start",
            description = "Switches nodes on again and waits until they are ready.",
            mixinStandardHelpOptions = true)
    int start(@Mixin Named cluster, @Parameters(arity = "1..*", paramLabel = "NODE") List<String> names) {
        World world = World.system();
        NodeSwitch nodes = nodes(cluster);
        names.forEach(nodes::on);
        Optional<HttpApi> api = Reach.api(cluster);
        Progress.onStandardError(world).step("starting " + String.join(", ", names), () -> {
            awaitUp(nodes, names, world);
            api.ifPresent(reached -> awaitReady(names, reached, world));
            return true;
        });
        return 0;
    }

    /** Switches on what is off of a cluster whose server runs. */
    static void startAll(Named cluster) {
        NodeSwitch nodes = new NodeSwitch(cluster.folders());
        if (nodes.isThere()) {
            nodes.all().keySet().forEach(nodes::on);
        }
    }

    /** Waits until the API, too, calls the nodes ready. */
    static void awaitReady(List<String> names, Api api, World world) {
        List<Target> targets = names.stream()
                .map(name -> Target.of(Resources.kind("v1", "Node"), "", name))
                .toList();
        new Readiness(api, world).await(targets, UP_LIMIT);
    }

    private static void awaitUp(NodeSwitch nodes, List<String> names, World world) {
        long end = world.nanoTime() + UP_LIMIT.toNanos();
        try {
            while (names.stream().anyMatch(name -> nodes.all().get(name) != NodeState.UP)) {
                if (world.nanoTime() - end > 0) {
                    throw new ClusterException(
                            "after " + UP_LIMIT.toSeconds() + " s not all are up (`jolly logs` tells more)");
                }
                world.sleep(STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while waiting", e);
        }
    }

    private static NodeSwitch nodes(Named cluster) {
        cluster.existing();
        if (new Daemon(cluster.name, World.system()).process().isEmpty()) {
            throw new ClusterException("cluster " + cluster.name + " is stopped: `" + cluster.up() + "` starts it");
        }
        return new NodeSwitch(cluster.folders());
    }
}
