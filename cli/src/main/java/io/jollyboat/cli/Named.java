package io.jollyboat.cli;

import io.jollyboat.cluster.ClusterException;
import io.jollyboat.cluster.Clusters;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names a cluster, the same for every command. */
final class Named {
    String name = Settings.DEFAULT_NAME;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = Settings.DEFAULT_NAME,
            description = "which cluster (default: ${DEFAULT-VALUE})")
    void name(String wanted) {
        if (!Clusters.isName(wanted)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "\"" + wanted + "\" cannot name a cluster: take at most 20 lower-case letters, digits and dashes,"
                            + " beginning with a letter");
        }
        name = wanted;
    }

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
