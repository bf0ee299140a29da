package io.jollyboat.node;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Streams;
import io.jollyboat.client.Change;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Mirror;
import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Observed.Sandbox;
import io.jollyboat.node.cri.Connection;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.v1.PodSandbox;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a kubelet is in Kubernetes: registers the node, runs the Pods that are bound to it, and takes away those that
 * are not. Started again over the same node it goes on with what runs.
 */
public final class Agent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());
    private static final Duration RECONNECT = Duration.ofMillis(100);
    private static final Duration RELIST = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(10);

    private final World world;
    private final NodeHost host;
    private final AgentSettings settings;
    private final Connection connection;
    private final Cri cri;
    private final Surroundings around;
    private final DiskWatch disk;
    private final Registration registration;
    private final EventRecorder recorder;
    private final Mirror<Pod> pods;
    private final Mirror<ServiceVariables.Service> services;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>(); // by uid
    private final List<Task> tasks = new ArrayList<>();

    /**
     * @param api of the cluster, direct or over HTTP
     * @param withdrawal is asked before a deleted Pod is told to end
     */
    public Agent(World world, Api api, NodeHost host, AgentSettings settings, Withdrawal withdrawal) {
        this.world = world;
        this.host = host;
        this.settings = settings;
        this.connection = Connection.to(host.socket());
        this.cri = new Cri(connection);
        Capacity capacity = Capacity.of(host.folder());
        this.recorder = new EventRecorder(api, world, "kubelet", host.name());
        this.services = new Mirror<>(
                api,
                world,
                Mirror.Source.all(Resources.kind("v1", "Service")),
                ServiceVariables.Service::of,
                List.of());
        this.pods = new Mirror<>(
                api,
                world,
                Mirror.Source.all(Pod.RESOURCE).withFields("spec.nodeName=" + host.name()),
                Pod::of,
                List.of());
        this.around = new Surroundings(
                world,
                api,
                cri,
                host,
                capacity,
                new Lookup(api),
                new References(api, world),
                new SandboxConfigs(host, settings),
                this::tell,
                withdrawal,
                new ProbeCounts(),
                () -> services.snapshot().all(),
                () -> pods.snapshot().all());
        this.disk = new DiskWatch(
                world,
                host,
                new ImageCollector(cri, world),
                () -> Disk.of(host.folder()),
                this::running,
                this::tellOfNode);
        this.registration =
                new Registration(api, world, cri, host, new NodeObject(host, settings, capacity), disk::pressure);
    }

    /**
     * Makes the Node object, where there is none, of a node whose agent is about to start: it is not ready before.
     *
     * @param name of the node
     */
    public static void announce(Api api, String name, AgentSettings settings) {
        Registration.announce(api, name, settings);
    }

    /** Starts all of it; returns at once. */
    public void start() {
        tasks.add(world.start("node " + host.name(), registration::run));
        tasks.add(world.start("events of node " + host.name(), recorder::run));
        tasks.add(world.start("services for node " + host.name(), services::run));
        tasks.add(world.start("pods of node " + host.name(), pods::run));
        tasks.add(world.start("containers of node " + host.name(), this::watchContainers));
        tasks.add(world.start("leftovers of node " + host.name(), this::relist));
        tasks.add(world.start("disk of node " + host.name(), disk::run));
        tasks.add(world.start("logs of node " + host.name(), new LogRotation(around, this::running)::run));
        tasks.add(world.start("start of node " + host.name(), () -> {
            try {
                services.awaitSynced();
                pods.onChange(this::changed);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Lets go of the node; its containers run on. */
    @Override
    public void close() {
        pods.close();
        services.close();
        recorder.close();
        tasks.forEach(Task::cancel);
        workers.values().forEach(PodWorker::close);
        List<Task> running = new ArrayList<>(tasks);
        join(running);
        workers.values().forEach(PodWorker::close); // one may have come while the others were closed
        running.addAll(workers.values().stream().map(PodWorker::task).toList());
        join(running);
        around.references().close();
        connection.close();
    }

    /** Until they have ended nobody may take the API away from them; who takes too long is left behind. */
    private void join(List<Task> running) {
        long end = world.nanoTime() + END.toNanos();
        try {
            for (Task task : running) {
                if (!task.join(Duration.ofNanos(Math.max(1, end - world.nanoTime())))) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "{0}: a task has not ended within {1} s",
                            host.name(),
                            END.toSeconds());
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Logs, commands and connections into this node's Pods. */
    public Streams streams() {
        return new NodeStreams(this);
    }

    AgentSettings settings() {
        return settings;
    }

    Surroundings around() {
        return around;
    }

    /** The worker of a Pod by name. */
    Optional<PodWorker> worker(String namespace, String name) {
        return workers.values().stream()
                .filter(worker -> !worker.gone()
                        && worker.pod().namespace().equals(namespace)
                        && worker.pod().name().equals(name))
                .findFirst();
    }

    private void changed(Change<Pod> change) {
        switch (change) {
            case Change.Added<Pod> added -> wanted(added.after());
            case Change.Modified<Pod> modified -> {
                if (!modified.before().uid().equals(modified.after().uid())) {
                    unwanted(modified.before());
                }
                wanted(modified.after());
            }
            case Change.Removed<Pod> removed -> unwanted(removed.before());
        }
    }

    private void wanted(Pod pod) {
        PodWorker worker = workers.get(pod.uid());
        if (worker == null) {
            workers.put(pod.uid(), new PodWorker(pod, around, this::ended));
        } else {
            worker.update(pod);
        }
    }

    private void unwanted(Pod pod) {
        Optional.ofNullable(workers.get(pod.uid())).ifPresent(PodWorker::remove);
    }

    private void ended(PodWorker worker) {
        workers.remove(worker.pod().uid(), worker);
        worker.close();
    }

    /** Follows containerd's events; after each new connection everything is looked at. */
    private void watchContainers() {
        String told = "";
        try {
            while (true) {
                String problem = followContainers();
                if (!problem.isEmpty() && !problem.equals(told)) {
                    LOG.log(System.Logger.Level.WARNING, "{0}: events: {1}", host.name(), problem);
                }
                told = problem;
                world.sleep(RECONNECT);
                connection.reconnect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Follows events until the connection ends; why it did, "" where containerd is merely away. */
    private String followContainers() {
        try {
            workers.values().forEach(PodWorker::wake);
            cri.watch(this::exited);
            return "";
        } catch (CriException e) {
            return e.unavailable() ? "" : e.getMessage();
        }
    }

    private void exited(String id) {
        for (PodWorker worker : workers.values()) {
            Observed seen = worker.seen();
            if (seen.runs().stream().map(Run::id).anyMatch(id::equals)
                    || seen.sandboxes().stream().map(Sandbox::id).anyMatch(id::equals)) {
                worker.exited(id);
                return;
            }
        }
        // Of nobody that was looked at yet: of somebody who just started it. The others will find that it is not
        // theirs.
        workers.values().forEach(worker -> worker.exited(id));
    }

    /** Now and then looks for sandboxes and files of Pods that nobody wants any more. */
    private void relist() {
        try {
            pods.awaitSynced();
            services.awaitSynced();
            while (true) {
                try {
                    leftovers();
                } catch (CriException | NodeException e) {
                    LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", host.name(), e.getMessage());
                }
                world.sleep(RELIST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leftovers() {
        Set<String> wanted = ConcurrentHashMap.newKeySet();
        List<PodSandbox> sandboxes = cri.sandboxes(Map.of());
        pods.snapshot().all().forEach(pod -> wanted.add(pod.uid()));
        wanted.addAll(workers.keySet());
        var leftovers = new Leftovers(around);
        leftovers.removeSandboxes(sandboxes.stream()
                .filter(sandbox -> !wanted.contains(sandbox.getMetadata().getUid()))
                .toList());
        leftovers.removeFiles(wanted);
    }

    /** The workers of all Pods that are not gone. */
    List<PodWorker> running() {
        return List.copyOf(workers.values());
    }

    private void tellOfNode(boolean warning, String reason, String message) {
        var about = new EventRecorder.About("v1", "Node", "", host.name(), host.name(), "", "");
        if (warning) {
            recorder.warning(about, reason, message);
        } else {
            recorder.normal(about, reason, message);
        }
    }

    private void tell(Pod pod, String fieldPath, boolean warning, String reason, String message) {
        var about = EventRecorder.About.of(pod.object()).withFieldPath(fieldPath);
        if (warning) {
            recorder.warning(about, reason, message);
        } else {
            recorder.normal(about, reason, message);
        }
    }
}
