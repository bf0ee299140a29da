package io.jollyboat.node.cri;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ClientInterceptors;
import io.grpc.StatusRuntimeException;
import io.jollyboat.node.cri.v1.AttachRequest;
import io.jollyboat.node.cri.v1.Container;
import io.jollyboat.node.cri.v1.ContainerConfig;
import io.jollyboat.node.cri.v1.ContainerFilter;
import io.jollyboat.node.cri.v1.ContainerStats;
import io.jollyboat.node.cri.v1.ContainerStatus;
import io.jollyboat.node.cri.v1.ContainerStatusRequest;
import io.jollyboat.node.cri.v1.CreateContainerRequest;
import io.jollyboat.node.cri.v1.ExecRequest;
import io.jollyboat.node.cri.v1.ExecSyncRequest;
import io.jollyboat.node.cri.v1.ExecSyncResponse;
import io.jollyboat.node.cri.v1.Image;
import io.jollyboat.node.cri.v1.ImageServiceGrpc;
import io.jollyboat.node.cri.v1.ImageSpec;
import io.jollyboat.node.cri.v1.ImageStatusRequest;
import io.jollyboat.node.cri.v1.ImageStatusResponse;
import io.jollyboat.node.cri.v1.LinuxContainerResources;
import io.jollyboat.node.cri.v1.ListContainerStatsRequest;
import io.jollyboat.node.cri.v1.ListContainersRequest;
import io.jollyboat.node.cri.v1.ListImagesRequest;
import io.jollyboat.node.cri.v1.ListPodSandboxRequest;
import io.jollyboat.node.cri.v1.PodSandbox;
import io.jollyboat.node.cri.v1.PodSandboxConfig;
import io.jollyboat.node.cri.v1.PodSandboxFilter;
import io.jollyboat.node.cri.v1.PodSandboxStatusRequest;
import io.jollyboat.node.cri.v1.PodSandboxStatusResponse;
import io.jollyboat.node.cri.v1.PullImageRequest;
import io.jollyboat.node.cri.v1.RemoveContainerRequest;
import io.jollyboat.node.cri.v1.RemoveImageRequest;
import io.jollyboat.node.cri.v1.RemovePodSandboxRequest;
import io.jollyboat.node.cri.v1.ReopenContainerLogRequest;
import io.jollyboat.node.cri.v1.RunPodSandboxRequest;
import io.jollyboat.node.cri.v1.RuntimeServiceGrpc;
import io.jollyboat.node.cri.v1.StartContainerRequest;
import io.jollyboat.node.cri.v1.StatusRequest;
import io.jollyboat.node.cri.v1.StopContainerRequest;
import io.jollyboat.node.cri.v1.StopPodSandboxRequest;
import io.jollyboat.node.cri.v1.UpdateContainerResourcesRequest;
import io.jollyboat.node.cri.v1.VersionRequest;
import io.jollyboat.node.cri.v1.VersionResponse;
import io.jollyboat.node.cri.v1.events.EventsGrpc;
import io.jollyboat.node.cri.v1.events.SubscribeRequest;
import io.jollyboat.node.cri.v1.events.TaskEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The Container Runtime Interface as plain blocking calls. Each throws {@link CriException} when containerd refuses. */
public final class Cri {
    /** What every call but pulls, stops and commands may take. */
    private static final long LIMIT_SECONDS = 120;

    private static final long PULL_LIMIT_SECONDS = 1800;

    private final Connection connection;

    public Cri(Connection connection) {
        this.connection = connection;
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime(long seconds) {
        return RuntimeServiceGrpc.newBlockingStub(connection.channel()).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    private ImageServiceGrpc.ImageServiceBlockingStub images(long seconds) {
        return ImageServiceGrpc.newBlockingStub(connection.channel()).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    private static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw new CriException(e);
        }
    }

    /** Name and version, as Node objects show it: {@code containerd://1.6.20}. */
    public String version(Duration limit) {
        VersionResponse version = call(() -> RuntimeServiceGrpc.newBlockingStub(connection.channel())
                .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                .version(VersionRequest.getDefaultInstance()));
        return version.getRuntimeName() + "://" + version.getRuntimeVersion();
    }

    /** What is not ready, empty when all is. */
    public Optional<String> notReady() {
        return call(() -> runtime(LIMIT_SECONDS).status(StatusRequest.getDefaultInstance()))
                .getStatus()
                .getConditionsList()
                .stream()
                .filter(condition -> !condition.getStatus())
                .map(condition -> "container runtime network not ready: %s=false reason:%s message:%s"
                        .formatted(condition.getType(), condition.getReason(), condition.getMessage()))
                .findFirst();
    }

    public String runSandbox(PodSandboxConfig config) {
        var request = RunPodSandboxRequest.newBuilder().setConfig(config).build();
        return call(() -> runtime(LIMIT_SECONDS).runPodSandbox(request)).getPodSandboxId();
    }

    public void stopSandbox(String id) {
        var request = StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build();
        call(() -> runtime(LIMIT_SECONDS).stopPodSandbox(request));
    }

    public void removeSandbox(String id) {
        var request = RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build();
        call(() -> runtime(LIMIT_SECONDS).removePodSandbox(request));
    }

    /** With verbose information, where containerd tells the process id of the sandbox. */
    public PodSandboxStatusResponse sandbox(String id) {
        var request = PodSandboxStatusRequest.newBuilder()
                .setPodSandboxId(id)
                .setVerbose(true)
                .build();
        return call(() -> runtime(LIMIT_SECONDS).podSandboxStatus(request));
    }

    /** The sandboxes with these labels. */
    public List<PodSandbox> sandboxes(Map<String, String> labels) {
        var request = ListPodSandboxRequest.newBuilder()
                .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(labels))
                .build();
        return call(() -> runtime(LIMIT_SECONDS).listPodSandbox(request)).getItemsList();
    }

    public String createContainer(String sandbox, ContainerConfig config, PodSandboxConfig sandboxConfig) {
        var request = CreateContainerRequest.newBuilder()
                .setPodSandboxId(sandbox)
                .setConfig(config)
                .setSandboxConfig(sandboxConfig)
                .build();
        return call(() -> runtime(LIMIT_SECONDS).createContainer(request)).getContainerId();
    }

    public void startContainer(String id) {
        var request = StartContainerRequest.newBuilder().setContainerId(id).build();
        call(() -> runtime(LIMIT_SECONDS).startContainer(request));
    }

    /**
     * Sends the stop signal, and KILL after {@code grace}, of which a second begun counts whole; returns when the
     * container has ended.
     */
    public void stopContainer(String id, Duration grace) {
        long seconds = Math.ceilDiv(grace.toMillis(), 1_000);
        var request = StopContainerRequest.newBuilder()
                .setContainerId(id)
                .setTimeout(seconds)
                .build();
        call(() -> runtime(LIMIT_SECONDS + seconds).stopContainer(request));
    }

    public void removeContainer(String id) {
        var request = RemoveContainerRequest.newBuilder().setContainerId(id).build();
        call(() -> runtime(LIMIT_SECONDS).removeContainer(request));
    }

    public List<Container> containers(Map<String, String> labels) {
        var request = ListContainersRequest.newBuilder()
                .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(labels))
                .build();
        return call(() -> runtime(LIMIT_SECONDS).listContainers(request)).getContainersList();
    }

    public ContainerStatus container(String id) {
        var request = ContainerStatusRequest.newBuilder().setContainerId(id).build();
        return call(() -> runtime(LIMIT_SECONDS).containerStatus(request)).getStatus();
    }

    /** What every container that runs uses of the machine. */
    public List<ContainerStats> stats() {
        var request = ListContainerStatsRequest.getDefaultInstance();
        return call(() -> runtime(LIMIT_SECONDS).listContainerStats(request)).getStatsList();
    }

    /** Makes containerd write to the log's path anew, after the old file was moved away. */
    public void reopenLog(String id) {
        var request = ReopenContainerLogRequest.newBuilder().setContainerId(id).build();
        call(() -> runtime(LIMIT_SECONDS).reopenContainerLog(request));
    }

    /** Runs a command to its end, at most {@code limit}. */
    public ExecSyncResponse exec(String id, List<String> command, Duration limit) {
        var request = ExecSyncRequest.newBuilder()
                .setContainerId(id)
                .addAllCmd(command)
                .setTimeout(limit.toSeconds())
                .build();
        return call(() -> runtime(LIMIT_SECONDS + limit.toSeconds()).execSync(request));
    }

    /** A one-time URL at which the command starts and streams. */
    public String exec(ExecRequest request) {
        return call(() -> runtime(LIMIT_SECONDS).exec(request)).getUrl();
    }

    /** A one-time URL at which the container's own streams are joined. */
    public String attach(AttachRequest request) {
        return call(() -> runtime(LIMIT_SECONDS).attach(request)).getUrl();
    }

    /** An image that is here, by name, digest or id. */
    public Optional<Image> image(String name) {
        var request = ImageStatusRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(name))
                .build();
        ImageStatusResponse response = call(() -> images(LIMIT_SECONDS).imageStatus(request));
        return response.hasImage() ? Optional.of(response.getImage()) : Optional.empty();
    }

    public List<Image> images() {
        return call(() -> images(LIMIT_SECONDS).listImages(ListImagesRequest.getDefaultInstance()))
                .getImagesList();
    }

    /** Removes an image with all of its names; nothing happens when it is not here. */
    public void removeImage(String id) {
        var request = RemoveImageRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(id))
                .build();
        call(() -> images(LIMIT_SECONDS).removeImage(request));
    }

    /** Changes what a running container may use. */
    public void updateResources(String id, LinuxContainerResources resources) {
        var request = UpdateContainerResourcesRequest.newBuilder()
                .setContainerId(id)
                .setLinux(resources)
                .build();
        call(() -> runtime(LIMIT_SECONDS).updateContainerResources(request));
    }

    /** The reference of the image that was fetched. */
    public String pull(PullImageRequest request) {
        return call(() -> images(PULL_LIMIT_SECONDS).pullImage(request)).getImageRef();
    }

    /**
     * Tells the ids of containers and sandboxes that started, ended or ran out of memory, until the connection ends
     * (then {@link CriException}) or the calling task is interrupted.
     */
    public void watch(Consumer<String> changed) {
        var request = SubscribeRequest.newBuilder()
                .addFilters("topic==\"/tasks/exit\"")
                .addFilters("topic==\"/tasks/oom\"")
                .build();
        try {
            var events = EventsGrpc.newBlockingStub(
                            ClientInterceptors.intercept(connection.channel(), Connection.inNamespace("")))
                    .subscribe(request);
            while (events.hasNext()) {
                changed.accept(
                        TaskEvent.parseFrom(events.next().getEvent().getValue()).getContainerId());
            }
        } catch (StatusRuntimeException e) {
            throw new CriException(e);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("containerd's events are not as known", e);
        }
    }
}
