package io.jollyboat.cli;

import io.jollyboat.cluster.ClusterException;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Settings;
import picocli.CommandLine.Option;

/** The option that names a cluster, the same for every command. */
final class Named {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = Settings.DEFAULT_NAME,
            description = "which cluster (default: ${DEFAULT-VALUE})")
    String name = Settings.DEFAULT_NAME;

    Folders folders() {
        return Folders.of(name);
    }

    /** The context in the kubeconfig. */
    String context() {
        return name.equals(Settings.DEFAULT_NAME) ? name : Settings.DEFAULT_NAME + "-" + name;
    }

    /** The settings of a cluster that is there. */
    Settings existing() {
        return Settings.read(folders().settings())
                .orElseThrow(() ->
                        new ClusterException("there is no cluster named " + name + " (`" + up() + "` makes one)"));
    }

    String up() {
        return "./jolly up" + (name.equals(Settings.DEFAULT_NAME) ? "" : " --name " + name);
    }
}
