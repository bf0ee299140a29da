package io.jollyboat.node;

import io.jollyboat.linux.Cgroups;
import io.jollyboat.linux.Mounts;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.v1.PodSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Takes away what Pods left that nobody knows any more: they were deleted while no agent ran. */
final class Leftovers {
    private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());

    private final Surroundings around;

    Leftovers(Surroundings around) {
        this.around = around;
    }

    /** Ends and removes sandboxes with all of their containers. */
    void removeSandboxes(List<PodSandbox> sandboxes) {
        for (PodSandbox sandbox : sandboxes) {
            try {
                around.cri().stopSandbox(sandbox.getId());
                around.cri().removeSandbox(sandbox.getId());
                Cgroups.remove(SandboxConfigs.cgroup(
                        around.host(), sandbox.getMetadata().getUid()));
                LOG.log(
                        System.Logger.Level.INFO,
                        "{0}/{1}: unknown, removed",
                        sandbox.getMetadata().getNamespace(),
                        sandbox.getMetadata().getName());
            } catch (CriException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: cannot remove the unknown sandbox: {1}",
                        sandbox.getId(),
                        e.getMessage());
            }
        }
    }

    /** Deletes the folders of Pods that are not among these uids. */
    void removeFiles(Set<String> wanted) {
        Path pods = PodFiles.pods(around.host());
        if (!Files.isDirectory(pods)) {
            return;
        }
        try (Stream<Path> folders = Files.list(pods)) {
            for (Path folder : folders.toList()) {
                if (!wanted.contains(folder.getFileName().toString())) {
                    Mounts.removeBelow(folder);
                    PodFiles.delete(folder);
                }
            }
        } catch (IOException e) {
            throw new NodeException("cannot read " + pods + ": " + e.getMessage(), e);
        }
    }
}
