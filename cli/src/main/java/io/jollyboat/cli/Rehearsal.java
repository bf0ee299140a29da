package io.jollyboat.cli;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.cluster.Settings;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A {@code jolly up} with a node that only pretends, for {@link Training}: the cluster is started twice, so that both the
 * making and the finding of what it keeps is learnt, gets an image and manifests, and works until something is written
 * to the standard input.
 */
final class Rehearsal {
    /** What it says when it can be asked. */
    static final String READY = "ready";

    private static final Duration READY_LIMIT = Duration.ofSeconds(20);
    private static final String RECIPE = """
            name: rehearsal
            files: {/rehearsal.yaml: ../../rehearsal.yaml}
            command: [/rehearsal]
            """;
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Service
            metadata: {name: rehearsal}
            spec:
              selector: {app: rehearsal}
              ports: [{port: 80}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: rehearsal}
            spec:
              replicas: 2
              selector: {matchLabels: {app: rehearsal}}
              template:
                metadata: {labels: {app: rehearsal}}
                spec:
                  containers: [{name: rehearsal, image: rehearsal}]
            """;

    private final Folders folders;
    private final World world = World.system();
    private final Progress progress = Progress.onStandardError(world);

    private Rehearsal(Path folder) {
        this.folders = new Folders(folder);
    }

    /** @param folder of the cluster, where its settings are */
    static void run(Path folder) {
        Jolly.command("up").parseArgs("up", "--name", Settings.DEFAULT_NAME, "--no-uplink", "a.yaml");
        try {
            new Rehearsal(folder).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() throws IOException {
        Path manifest = Files.writeString(folders.root().resolve("rehearsal.yaml"), MANIFEST);
        Path recipe = Files.createDirectories(folders.root().resolve("images/rehearsal"));
        Files.writeString(recipe.resolve(io.jollyboat.images.Recipe.FILE), RECIPE);
        Settings settings = Settings.read(folders.settings()).orElseThrow();
        try (Cluster first = Cluster.rehearse(settings, folders, world)) {
            deliver(manifest, first);
        }
        try (Cluster second = Cluster.rehearse(settings, folders, world)) {
            Kubeconfig.read(folders.administrator())
                    .with(settings.name(), Cluster.administrator(settings, folders, world))
                    .write();
            deliver(manifest, second);
            System.out.println(READY);
            System.in.read();
        }
    }

    private void deliver(Path manifest, Cluster cluster) {
        List<Path> places = List.of(manifest);
        new Delivery(Way.into(cluster), folders.recipes(), world, progress)
                .bring(places, Manifests.read(places), READY_LIMIT);
    }
}
