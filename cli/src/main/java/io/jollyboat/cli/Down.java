package io.jollyboat.cli;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.world.World;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jolly down}: stops everything that runs and keeps the data. */
@Command(
        name = "down",
        description = "Stops the cluster and its containers; `up` goes on where it was.",
        mixinStandardHelpOptions = true)
final class Down implements Callable<Integer> {
    @Mixin
    private Named cluster = new Named();

    @Override
    public Integer call() {
        World world = World.system();
        Progress progress = Progress.onStandardError(world);
        cluster.existing();
        boolean ran = progress.step("stopping the server", () -> new Daemon(cluster.name, world).stop());
        progress.step("stopping the nodes", () -> {
            Cluster.stopNodes(cluster.name, cluster.folders(), world);
            return true;
        });
        progress.say(
                ran
                        ? "Cluster " + cluster.name + " is stopped; its data is kept."
                        : "Cluster " + cluster.name + " was stopped already.");
        return 0;
    }
}
