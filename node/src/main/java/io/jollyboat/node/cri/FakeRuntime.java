package io.jollyboat.node.cri;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.jollyboat.node.cri.v1.Container;
import io.jollyboat.node.cri.v1.ContainerState;
import io.jollyboat.node.cri.v1.ContainerStatus;
import io.jollyboat.node.cri.v1.ContainerStatusRequest;
import io.jollyboat.node.cri.v1.ContainerStatusResponse;
import io.jollyboat.node.cri.v1.CreateContainerRequest;
import io.jollyboat.node.cri.v1.CreateContainerResponse;
import io.jollyboat.node.cri.v1.ListContainersRequest;
import io.jollyboat.node.cri.v1.ListContainersResponse;
import io.jollyboat.node.cri.v1.ListPodSandboxRequest;
import io.jollyboat.node.cri.v1.ListPodSandboxResponse;
import io.jollyboat.node.cri.v1.PodSandbox;
import io.jollyboat.node.cri.v1.PodSandboxNetworkStatus;
import io.jollyboat.node.cri.v1.PodSandboxState;
import io.jollyboat.node.cri.v1.PodSandboxStatus;
import io.jollyboat.node.cri.v1.PodSandboxStatusRequest;
import io.jollyboat.node.cri.v1.PodSandboxStatusResponse;
import io.jollyboat.node.cri.v1.RemoveContainerRequest;
import io.jollyboat.node.cri.v1.RemoveContainerResponse;
import io.jollyboat.node.cri.v1.RemovePodSandboxRequest;
import io.jollyboat.node.cri.v1.RemovePodSandboxResponse;
import io.jollyboat.node.cri.v1.RunPodSandboxRequest;
import io.jollyboat.node.cri.v1.RunPodSandboxResponse;
import io.jollyboat.node.cri.v1.RuntimeServiceGrpc;
import io.jollyboat.node.cri.v1.StartContainerRequest;
import io.jollyboat.node.cri.v1.StartContainerResponse;
import io.jollyboat.node.cri.v1.StatusRequest;
import io.jollyboat.node.cri.v1.StatusResponse;
import io.jollyboat.node.cri.v1.StopContainerRequest;
import io.jollyboat.node.cri.v1.StopContainerResponse;
import io.jollyboat.node.cri.v1.StopPodSandboxRequest;
import io.jollyboat.node.cri.v1.StopPodSandboxResponse;
import io.jollyboat.node.cri.v1.VersionRequest;
import io.jollyboat.node.cri.v1.VersionResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Sandboxes and containers that exist only in this table. */
final class FakeRuntime extends RuntimeServiceGrpc.RuntimeServiceImplBase {
    private final Map<String, PodSandbox> sandboxes = new ConcurrentHashMap<>();
    private final Map<String, Container> containers = new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();

    private static <T> void answer(StreamObserver<T> to, T message) {
        to.onNext(message);
        to.onCompleted();
    }

    private static <T> void refuse(StreamObserver<T> to, String id) {
        to.onError(Status.NOT_FOUND.withDescription(id + " does not exist").asRuntimeException());
    }

    private static boolean carries(Map<String, String> labels, Map<String, String> wanted) {
        return labels.entrySet().containsAll(wanted.entrySet());
    }

    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> answer) {
        answer(
                answer,
                VersionResponse.newBuilder()
                        .setRuntimeName("fake")
                        .setRuntimeVersion("1")
                        .build());
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
        answer(answer, StatusResponse.getDefaultInstance());
    }

    @Override
    public void runPodSandbox(RunPodSandboxRequest request, StreamObserver<RunPodSandboxResponse> answer) {
        String id = "sandbox-" + made.incrementAndGet();
        sandboxes.put(
                id,
                PodSandbox.newBuilder()
                        .setId(id)
                        .setMetadata(request.getConfig().getMetadata())
                        .setState(PodSandboxState.SANDBOX_READY)
                        .putAllLabels(request.getConfig().getLabelsMap())
                        .build());
        answer(answer, RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build());
    }

    @Override
    public void listPodSandbox(ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> answer) {
        List<PodSandbox> found = sandboxes.values().stream()
                .filter(s -> carries(s.getLabelsMap(), request.getFilter().getLabelSelectorMap()))
                .toList();
        answer(answer, ListPodSandboxResponse.newBuilder().addAllItems(found).build());
    }

    @Override
    public void podSandboxStatus(PodSandboxStatusRequest request, StreamObserver<PodSandboxStatusResponse> answer) {
        PodSandbox sandbox = sandboxes.get(request.getPodSandboxId());
        if (sandbox == null) {
            refuse(answer, request.getPodSandboxId());
            return;
        }
        var status = PodSandboxStatus.newBuilder()
                .setId(sandbox.getId())
                .setMetadata(sandbox.getMetadata())
                .setState(sandbox.getState())
                .setNetwork(PodSandboxNetworkStatus.newBuilder().setIp("127.0.0.1"));
        answer(answer, PodSandboxStatusResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void stopPodSandbox(StopPodSandboxRequest request, StreamObserver<StopPodSandboxResponse> answer) {
        sandboxes.computeIfPresent(
                request.getPodSandboxId(),
                (_, s) ->
                        s.toBuilder().setState(PodSandboxState.SANDBOX_NOTREADY).build());
        answer(answer, StopPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void removePodSandbox(RemovePodSandboxRequest request, StreamObserver<RemovePodSandboxResponse> answer) {
        sandboxes.remove(request.getPodSandboxId());
        answer(answer, RemovePodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void createContainer(CreateContainerRequest request, StreamObserver<CreateContainerResponse> answer) {
        String id = "container-" + made.incrementAndGet();
        containers.put(
                id,
                Container.newBuilder()
                        .setId(id)
                        .setPodSandboxId(request.getPodSandboxId())
                        .setMetadata(request.getConfig().getMetadata())
                        .setImage(request.getConfig().getImage())
                        .setState(ContainerState.CONTAINER_CREATED)
                        .putAllLabels(request.getConfig().getLabelsMap())
                        .build());
        answer(answer, CreateContainerResponse.newBuilder().setContainerId(id).build());
    }

    @Override
    public void startContainer(StartContainerRequest request, StreamObserver<StartContainerResponse> answer) {
        change(request.getContainerId(), c -> c.setState(ContainerState.CONTAINER_RUNNING));
        answer(answer, StartContainerResponse.getDefaultInstance());
    }

    @Override
    public void stopContainer(StopContainerRequest request, StreamObserver<StopContainerResponse> answer) {
        change(request.getContainerId(), c -> c.setState(ContainerState.CONTAINER_EXITED));
        answer(answer, StopContainerResponse.getDefaultInstance());
    }

    private void change(String id, UnaryOperator<Container.Builder> how) {
        containers.computeIfPresent(id, (_, c) -> how.apply(c.toBuilder()).build());
    }

    @Override
    public void removeContainer(RemoveContainerRequest request, StreamObserver<RemoveContainerResponse> answer) {
        containers.remove(request.getContainerId());
        answer(answer, RemoveContainerResponse.getDefaultInstance());
    }

    @Override
    public void listContainers(ListContainersRequest request, StreamObserver<ListContainersResponse> answer) {
        List<Container> found = containers.values().stream()
                .filter(c -> carries(c.getLabelsMap(), request.getFilter().getLabelSelectorMap()))
                .toList();
        answer(
                answer,
                ListContainersResponse.newBuilder().addAllContainers(found).build());
    }

    @Override
    public void containerStatus(ContainerStatusRequest request, StreamObserver<ContainerStatusResponse> answer) {
        Container container = containers.get(request.getContainerId());
        if (container == null) {
            refuse(answer, request.getContainerId());
            return;
        }
        var status = ContainerStatus.newBuilder()
                .setId(container.getId())
                .setMetadata(container.getMetadata())
                .setImage(container.getImage())
                .setImageRef(container.getImage().getImage())
                .setState(container.getState());
        answer(answer, ContainerStatusResponse.newBuilder().setStatus(status).build());
    }
}
