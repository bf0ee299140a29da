package io.jollyboat.node;

import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Observed.Sandbox;
import io.jollyboat.node.Observed.State;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.v1.Container;
import io.jollyboat.node.cri.v1.ContainerState;
import io.jollyboat.node.cri.v1.ContainerStatus;
import io.jollyboat.node.cri.v1.PodSandbox;
import io.jollyboat.node.cri.v1.PodSandboxNetworkStatus;
import io.jollyboat.node.cri.v1.PodSandboxState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks containerd what it has of one Pod; what cannot change any more is asked once. */
final class Observer {
    private final Cri cri;
    private final Map<String, String> labels;
    private final Map<String, Run> runs = new HashMap<>();
    private final Map<String, List<String>> addresses = new HashMap<>();

    /** @param labels that the Pod's sandboxes and containers carry */
    Observer(Cri cri, Map<String, String> labels) {
        this.cri = cri;
        this.labels = labels;
    }

    Observed observe() {
        List<Sandbox> sandboxes = new ArrayList<>();
        for (PodSandbox sandbox : cri.sandboxes(labels)) {
            boolean ready = sandbox.getState() == PodSandboxState.SANDBOX_READY;
            sandboxes.add(new Sandbox(
                    sandbox.getId(),
                    sandbox.getMetadata().getAttempt(),
                    ready,
                    ready ? addresses(sandbox.getId()) : List.of()));
        }
        List<Run> seen = new ArrayList<>();
        for (Container container : cri.containers(labels)) {
            run(container).ifPresent(seen::add);
        }
        return new Observed(sandboxes, seen);
    }

    /** The run behind a container; empty when it was removed between the two questions. */
    private Optional<Run> run(Container container) {
        Run known = runs.get(container.getId());
        if (known != null && known.state() == state(container.getState())) {
            return Optional.of(known);
        }
        try {
            Run run = run(container, cri.container(container.getId()));
            runs.put(run.id(), run);
            return Optional.of(run);
        } catch (CriException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<String> addresses(String sandbox) {
        return addresses.computeIfAbsent(sandbox, id -> {
            PodSandboxNetworkStatus network = cri.sandbox(id).getStatus().getNetwork();
            List<String> found = new ArrayList<>();
            found.add(network.getIp());
            network.getAdditionalIpsList().forEach(ip -> found.add(ip.getIp()));
            found.removeIf(String::isEmpty);
            found.sort(Comparator.comparing(ip -> ip.indexOf(':') >= 0)); // IPv4 first, as the node's
            return found;
        });
    }

    private static Run run(Container container, ContainerStatus status) {
        return new Run(
                container.getId(),
                container.getPodSandboxId(),
                container.getMetadata().getName(),
                container.getMetadata().getAttempt(),
                state(status.getState()),
                instant(status.getStartedAt()),
                instant(status.getFinishedAt()),
                status.getExitCode(),
                status.getReason(),
                status.getMessage(),
                status.getImage().getImage(),
                status.getImageRef());
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    private static State state(ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> State.CREATED;
            case CONTAINER_RUNNING -> State.RUNNING;
            case CONTAINER_EXITED -> State.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> State.UNKNOWN;
        };
    }
}
