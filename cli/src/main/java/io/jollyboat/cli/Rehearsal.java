package io.jollyboat.cli;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Settings;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A server with a node that only pretends, for {@link Training}: it is started twice, so that both the making and the
 * finding of what a cluster keeps is learnt, and works until something is written to its standard input.
 */
final class Rehearsal {
    /** What it says when it can be asked. */
    static final String READY = "ready";

    private Rehearsal() {}

    /** @param folder of the cluster, where its settings are */
    static void run(Path folder) {
        World world = World.system();
        Folders folders = new Folders(folder);
        Settings settings = Settings.read(folders.settings()).orElseThrow();
        Cluster.rehearse(settings, folders, world).close();
        try (Cluster _ = Cluster.rehearse(settings, folders, world)) {
            System.out.println(READY);
            System.in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
