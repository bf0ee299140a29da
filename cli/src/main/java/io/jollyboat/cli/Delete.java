package io.jollyboat.cli;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jolly delete}: leaves nothing of a cluster, also over the remains of one that was half deleted. */
@Command(
        name = "delete",
        description = "Removes the cluster with all that belongs to it, the kubeconfig's context too.",
        mixinStandardHelpOptions = true)
final class Delete implements Callable<Integer> {
    @Mixin
    private Named cluster = new Named();

    @Override
    public Integer call() {
        World world = World.system();
        Progress progress = Progress.onStandardError(world);
        Path file = Kubeconfig.userFile();
        boolean context = Files.exists(file) && Kubeconfig.read(file).has(cluster.context());
        Daemon server = new Daemon(cluster.name, world);
        boolean remains = Cluster.remains(cluster.name, cluster.folders())
                || server.process().isPresent();
        if (!context && !remains) {
            progress.say("There is no cluster named " + cluster.name + ".");
            return 0;
        }
        progress.step("stopping the server", server::stop);
        progress.step("removing the cluster", () -> {
            Cluster.delete(cluster.name, cluster.folders(), world);
            return true;
        });
        if (context) {
            Kubeconfig.read(file).without(cluster.context()).write();
        }
        progress.say("Cluster " + cluster.name + " is gone.");
        return 0;
    }
}
