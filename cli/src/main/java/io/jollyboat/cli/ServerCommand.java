package io.jollyboat.cli;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Settings;
import io.jollyboat.world.World;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jolly server}: the cluster's process itself, in the foreground; {@code up} starts it. */
@Command(
        name = "server",
        hidden = true,
        description = "Runs the cluster's server in the foreground.",
        mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
    @Mixin
    private Named cluster = new Named();

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = cluster.existing();
        World world = World.system();
        Cluster running = Cluster.start(settings, cluster.folders(), world);
        world.atExit(running::close);
        running.awaitEnd();
        return 0;
    }
}
