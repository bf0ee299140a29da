package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.v1.Mount;
import io.jollyboat.node.cri.v1.MountPropagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What appears in a container's file system beside its image: volumes, hosts file, termination message. */
final class ContainerMounts {
    static final String MESSAGE_PATH = "/dev/termination-log";

    private final PodFiles files;
    private final Volumes volumes;

    ContainerMounts(PodFiles files, Volumes volumes) {
        this.files = files;
        this.volumes = volumes;
    }

    /**
     * The mounts of one run; what must exist for them is made.
     *
     * @throws ConfigException when a sub-path is not to be had
     */
    List<Mount> of(Container container, int attempt, Map<String, String> variables) {
        List<Mount> mounts = new ArrayList<>();
        boolean ownHosts = false;
        for (JsonNode mount : container.spec().path("volumeMounts")) {
            String path = mount.path("mountPath").stringValue("");
            ownHosts |= path.equals("/etc/hosts");
            mounts.add(Mount.newBuilder()
                    .setContainerPath(path.startsWith("/") ? path : "/" + path)
                    .setHostPath(source(mount, variables).toString())
                    .setReadonly(mount.path("readOnly").booleanValue(false))
                    .setPropagation(propagation(mount.path("mountPropagation").stringValue("")))
                    .build());
        }
        if (!ownHosts) {
            mounts.add(Mount.newBuilder()
                    .setContainerPath("/etc/hosts")
                    .setHostPath(files.hosts().toString())
                    .build());
        }
        mounts.add(Mount.newBuilder()
                .setContainerPath(
                        container.spec().path("terminationMessagePath").stringValue(MESSAGE_PATH))
                .setHostPath(message(container, attempt).toString())
                .build());
        return mounts;
    }

    private Path message(Container container, int attempt) {
        Path file = files.terminationMessage(container.name(), attempt);
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            Files.createFile(file);
            Files.setPosixFilePermissions(file, AtomicFolder.permissions(0666));
            return file;
        } catch (IOException e) {
            throw new NodeException("cannot make the file for the termination message: " + e.getMessage(), e);
        }
    }

    private Path source(JsonNode mount, Map<String, String> variables) {
        String name = mount.path("name").stringValue("");
        Path volume = volumes.path(name);
        String subPath = mount.path("subPath").stringValue("");
        if (mount.has("subPathExpr")) {
            subPath = Expansion.expand(mount.path("subPathExpr").stringValue(""), variables);
        }
        if (subPath.isEmpty()) {
            return volume;
        }
        try {
            Path real = volume.toRealPath();
            Path wanted = real.resolve(subPath).normalize();
            if (!wanted.startsWith(real)) {
                throw ConfigException.config("subPath must not leave the volume: " + subPath);
            }
            if (!Files.exists(wanted)) {
                Files.createDirectories(wanted);
            }
            // A link inside of the volume must not lead out of it.
            Path found = wanted.toRealPath();
            if (!found.startsWith(real)) {
                throw ConfigException.config(
                        "failed to prepare subPath for volumeMount \"%s\" of container".formatted(name));
            }
            return found;
        } catch (IOException e) {
            throw ConfigException.config(
                    "failed to prepare subPath for volumeMount \"%s\": %s".formatted(name, e.getMessage()));
        }
    }

    private static MountPropagation propagation(String mode) {
        return switch (mode) {
            case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
            default -> MountPropagation.PROPAGATION_PRIVATE;
        };
    }
}
