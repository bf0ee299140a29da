package io.jollyboat.node;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Observed.Sandbox;
import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.StreamSession;
import io.jollyboat.node.cri.v1.AttachRequest;
import io.jollyboat.node.cri.v1.ExecRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The streaming verbs for the Pods of one node. */
final class NodeStreams implements Streams {
    private static final System.Logger LOG = System.getLogger(NodeStreams.class.getName());

    private final Agent agent;
    private final Surroundings around;

    NodeStreams(Agent agent) {
        this.agent = agent;
        this.around = agent.around();
    }

    @Override
    public InputStream logs(Target target, LogOptions options) {
        PodWorker worker = worker(target);
        Container container = container(worker.pod(), options.container());
        Observed seen = worker.seen();
        Optional<Run> run = options.previous() ? previous(worker, container) : seen.last(container.name());
        if (options.previous() && run.isEmpty()) {
            throw StatusException.badRequest("previous terminated container \"%s\" in pod \"%s\" not found"
                    .formatted(container.name(), target.name()));
        }
        if (run.isEmpty() || run.get().state() == Observed.State.CREATED) {
            throw StatusException.badRequest("container \"%s\" in pod \"%s\" is waiting to start: %s"
                    .formatted(container.name(), target.name(), waitingReason(worker, container)));
        }
        String id = run.get().id();
        Path log = PodFiles.of(around.host(), worker.pod())
                .log(container.name(), run.get().attempt());
        return new LogStream(
                around.world(),
                log,
                options,
                since(options),
                () -> worker.seen().runs().stream().anyMatch(each -> each.id().equals(id) && each.running()));
    }

    /** The run that the status shows as the last one that ended. */
    private static Optional<Run> previous(PodWorker worker, Container container) {
        String id = worker.containerStatus(container.name())
                .path("lastState")
                .path("terminated")
                .path("containerID")
                .stringValue("");
        return worker.seen().runs().stream()
                .filter(run -> id.equals("containerd://" + run.id()))
                .findFirst()
                .or(() -> worker.seen().previous(container.name()));
    }

    private static String waitingReason(PodWorker worker, Container container) {
        String reason = worker.containerStatus(container.name())
                .path("state")
                .path("waiting")
                .path("reason")
                .stringValue("ContainerCreating");
        return switch (reason) {
            case "ErrImagePull", "ImagePullBackOff" -> "trying and failing to pull image";
            case "ErrImageNeverPull" -> "image can't be pulled";
            default -> reason;
        };
    }

    private Optional<Instant> since(LogOptions options) {
        if (options.sinceSeconds().isPresent()) {
            return Optional.of(
                    around.world().now().minusSeconds(options.sinceSeconds().get()));
        }
        try {
            return options.sinceTime().isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(options.sinceTime()).toInstant());
        } catch (DateTimeParseException e) {
            throw StatusException.badRequest("sinceTime is not a time: " + options.sinceTime());
        }
    }

    @Override
    public Session exec(Target target, String container, List<String> command, Wanted wanted) {
        Run run = running(target, container);
        var request = ExecRequest.newBuilder()
                .setContainerId(run.id())
                .addAllCmd(command)
                .setTty(wanted.tty())
                .setStdin(wanted.stdin())
                .setStdout(wanted.stdout())
                .setStderr(wanted.stderr() && !wanted.tty());
        try {
            return open(around.cri().exec(request.build()), wanted);
        } catch (CriException e) {
            throw StatusException.of(Reason.INTERNAL_ERROR, e.getMessage());
        }
    }

    @Override
    public Session attach(Target target, String container, Wanted wanted) {
        Run run = running(target, container);
        boolean tty =
                container(worker(target).pod(), container).spec().path("tty").booleanValue(false);
        Wanted fitting = new Wanted(wanted.stdin(), wanted.stdout(), wanted.stderr() && !tty, tty);
        var request = AttachRequest.newBuilder()
                .setContainerId(run.id())
                .setTty(tty)
                .setStdin(fitting.stdin())
                .setStdout(fitting.stdout())
                .setStderr(fitting.stderr());
        try {
            return open(around.cri().attach(request.build()), fitting);
        } catch (CriException e) {
            throw StatusException.of(Reason.INTERNAL_ERROR, e.getMessage());
        }
    }

    private Session open(String url, Wanted wanted) {
        try {
            return StreamSession.open(around.world(), around.host().namespace(), url, wanted);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", url, e.getMessage());
            throw StatusException.of(Reason.INTERNAL_ERROR, "cannot reach the container runtime: " + e.getMessage());
        }
    }

    @Override
    public ByteChannel dial(Target target, int port) throws IOException {
        PodWorker worker = worker(target);
        NetworkNamespace namespace = worker.pod().hostNetwork() ? around.host().namespace() : namespace(worker);
        SocketChannel channel;
        try {
            channel = namespace.call(SocketChannel::open);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        try {
            channel.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "failed to connect to localhost:%d inside the pod's network namespace: %s"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    @Override
    public Optional<Page> page(String node, String path) {
        return new NodePages(around, agent.settings()).page(path);
    }

    /** The sandbox' namespace, found by its process. */
    private NetworkNamespace namespace(PodWorker worker) throws IOException {
        Sandbox sandbox = worker.seen()
                .ready()
                .orElseThrow(() -> new IOException("pod " + worker.pod().name() + " is not running"));
        String info = around.cri().sandbox(sandbox.id()).getInfoMap().getOrDefault("info", "{}");
        int process = JsonMapper.shared().readTree(info).path("pid").intValue(0);
        if (process == 0) {
            throw new IOException("pod " + worker.pod().name() + " is not running");
        }
        return NetworkNamespace.open(Path.of("/proc", Integer.toString(process), "ns", "net"));
    }

    private PodWorker worker(Target target) {
        return agent.worker(target.namespace(), target.name())
                .orElseThrow(
                        () -> StatusException.notFound(Target.of(Pod.RESOURCE, target.namespace(), target.name())));
    }

    private Run running(Target target, String name) {
        PodWorker worker = worker(target);
        Container container = container(worker.pod(), name);
        return worker.seen()
                .last(container.name())
                .filter(Run::running)
                .orElseThrow(() -> StatusException.of(
                        Reason.INTERNAL_ERROR, "container not found (\"%s\")".formatted(container.name())));
    }

    /** The container that is meant, in the API server's words where it is not clear. */
    private static Container container(Pod pod, String name) {
        if (!name.isEmpty()) {
            return pod.container(name)
                    .orElseThrow(() -> StatusException.badRequest(
                            "container %s is not valid for pod %s".formatted(name, pod.name())));
        }
        if (pod.containers().size() == 1) {
            return pod.containers().getFirst();
        }
        String inits = pod.initContainers().isEmpty()
                ? ""
                : " or one of the init containers: [" + names(pod.initContainers()) + "]";
        throw StatusException.badRequest("a container name must be specified for pod %s, choose one of: [%s]%s"
                .formatted(pod.name(), names(pod.containers()), inits));
    }

    private static String names(List<Container> containers) {
        return containers.stream().map(Container::name).collect(Collectors.joining(" "));
    }
}
