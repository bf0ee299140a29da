package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.v1.ContainerConfig;
import io.jollyboat.node.cri.v1.Image;
import io.jollyboat.node.cri.v1.PodSandboxConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes and starts what a Pod consists of: its sandbox and the runs of its containers. */
final class Starter {
    private final Pod pod;
    private final Surroundings around;
    private final PodFiles files;
    private final Volumes volumes;
    private final Images images;

    Starter(Pod pod, Surroundings around, PodFiles files, Volumes volumes) {
        this.pod = pod;
        this.around = around;
        this.files = files;
        this.volumes = volumes;
        this.images = new Images(around);
    }

    /** A container could not be made or started; the reason is its waiting reason. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String reason;
        private final String words;

        Failed(String reason, String message) {
            super(message);
            this.reason = reason;
            this.words = message;
        }

        String reason() {
            return reason;
        }

        @Override
        public String getMessage() {
            return words;
        }
    }

    /** @throws CriException when containerd refuses; told as an event too */
    void runSandbox(int attempt) {
        try {
            Files.createDirectories(files.logs());
            around.cri().runSandbox(around.sandboxes().config(pod, attempt));
        } catch (CriException e) {
            around.events().warning(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
            throw e;
        } catch (IOException e) {
            throw new NodeException("cannot make the folder for the Pod's logs: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a run of a container, whose image is here.
     *
     * @param seen what runs of the Pod: a container that was added to look inside may share the processes of another
     * @param addresses of the Pod
     * @return the id of the run
     * @throws Failed when it cannot be; told as an event too
     */
    String start(Container container, int attempt, String sandbox, Observed seen, List<String> addresses) {
        PodEvents events = around.events();
        PodSandboxConfig sandboxConfig = around.sandboxes().config(pod, 0);
        String id;
        try {
            Files.createDirectories(files.log(container.name(), attempt).getParent());
            Files.createDirectories(files.folder());
            Files.writeString(files.hosts(), around.sandboxes().hosts(pod, addresses));
            id = around.cri().createContainer(sandbox, config(container, attempt, seen, addresses), sandboxConfig);
        } catch (ConfigException | Images.Failed e) {
            events.warning(pod, container, "Failed", "Error: " + e.getMessage());
            throw new Failed("CreateContainerConfigError", String.valueOf(e.getMessage()));
        } catch (CriException e) {
            events.warning(pod, container, "Failed", "Error: " + e.description());
            throw new Failed("CreateContainerError", e.description());
        } catch (IOException e) {
            throw new NodeException("cannot make the Pod's files: " + e.getMessage(), e);
        }
        events.normal(pod, container, "Created", "Container created");
        try {
            around.cri().startContainer(id);
        } catch (CriException e) {
            events.warning(pod, container, "Failed", "Error: " + e.description());
            throw new Failed("RunContainerError", e.description());
        }
        events.normal(pod, container, "Started", "Container started");
        return id;
    }

    private ContainerConfig config(Container container, int attempt, Observed seen, List<String> addresses) {
        Image image = images.present(container);
        var downward = new DownwardApi(pod, around.host(), around.capacity(), addresses);
        boolean links = pod.spec().path("enableServiceLinks").booleanValue(true);
        Map<String, String> services = ServiceVariables.of(around.services().get(), pod.namespace(), links);
        Map<String, String> variables = new Environment(pod, around.lookup(), downward).of(container, services);
        var mounts = new ContainerMounts(files, volumes).of(container, attempt, variables);
        return new ContainerConfigs(pod, container, target(container, seen))
                .config(attempt, image, variables, mounts, around.capacity().memoryBytes());
    }

    /** The run whose processes an ephemeral container asks to see. */
    private static Optional<String> target(Container container, Observed seen) {
        String name = container.spec().path("targetContainerName").stringValue("");
        if (!container.ephemeral() || name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(seen.last(name)
                .filter(Observed.Run::running)
                .orElseThrow(() -> ConfigException.config("unable to find target container \"%s\"".formatted(name)))
                .id());
    }
}
