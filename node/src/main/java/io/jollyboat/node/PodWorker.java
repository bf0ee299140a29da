package io.jollyboat.node;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Loop;
import io.jollyboat.linux.Cgroups;
import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Observed.Sandbox;
import io.jollyboat.node.Plan.Action;
import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks after one Pod: looks what runs, decides, does, writes the status, and waits until something happens. One look
 * at a time; what takes long (fetching images, hooks, stopping) runs in tasks that wake it when they end.
 */
final class PodWorker {
    private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
    private static final String KEY = "pod";
    private static final Duration LAG = Duration.ofMillis(15);
    private static final Duration SLOW = Duration.ofSeconds(60);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Surroundings around;
    private final World world;
    private final PodFiles files;
    private final Volumes volumes;
    private final VolumeUpkeep upkeep;
    private final Observer observer;
    private final Memory memory;
    private final Probes probes;
    private final Images images;
    private final TerminationMessages messages;
    private final Consumer<PodWorker> ended;
    private final Loop<String> loop;
    private final Task task;
    private volatile Pod pod;
    private volatile boolean gone;
    private volatile boolean evicted;
    private volatile Observed seen = Observed.NOTHING;
    private volatile JsonNode written; // the status in the API
    private JsonNode answered = MissingNode.getInstance(); // the last contradiction to it
    private boolean finished;
    private Set<String> backingOff = Set.of();

    /**
     * @param ended is called once nothing of the Pod is left
     */
    PodWorker(Pod pod, Surroundings around, Consumer<PodWorker> ended) {
        this.pod = pod;
        this.around = around;
        this.world = around.world();
        this.ended = ended;
        this.written = pod.status();
        this.files = PodFiles.of(around.host(), pod);
        this.volumes = new Volumes(pod, files, around.lookup(), world);
        this.observer = new Observer(around.cri(), SandboxConfigs.labels(pod));
        this.memory = new Memory(pod.status(), world.now());
        this.loop = new Loop<>(world, "pod " + pod.key(), this::look);
        this.upkeep = new VolumeUpkeep(this::pod, around, volumes, this::wake);
        this.probes = new Probes(pod, around, this::wake);
        this.images = new Images(around);
        this.messages = new TerminationMessages(files);
        loop.add(KEY);
        this.task = world.start("pod " + pod.key(), loop::run);
    }

    Pod pod() {
        return pod;
    }

    /** What ran when it was last looked at. */
    Observed seen() {
        return seen;
    }

    /** A container's status in the API; a missing node when there is none. */
    JsonNode containerStatus(String container) {
        for (String field : PodStatus.LISTS) {
            for (JsonNode status : written.path(field)) {
                if (status.path("name").stringValue("").equals(container)) {
                    return status;
                }
            }
        }
        return written.path("none");
    }

    boolean gone() {
        return gone;
    }

    /** Has the Pod looked at soon. */
    void wake() {
        loop.add(KEY);
    }

    void update(Pod newer) {
        pod = newer;
        upkeep.changed();
        wake();
    }

    /** The API no longer has the Pod. */
    void remove() {
        gone = true;
        wake();
    }

    /** The node cannot keep the Pod: ends it for good, and says why in its status. */
    void evict(String message) {
        evicted = true;
        memory.evict(message);
        around.events().warning(pod, "Evicted", message);
        LOG.log(System.Logger.Level.WARNING, "{0}: evicted: {1}", pod.key(), message);
        wake();
    }

    boolean evicted() {
        return evicted;
    }

    /** containerd told of the end of a container or sandbox. */
    void exited(String id) {
        memory.exited(id);
        wake();
    }

    /** Lets go of the Pod; what runs runs on. */
    void close() {
        loop.close();
        around.references().forget(pod.uid());
        probes.close();
        task.cancel();
    }

    /** Its looks; ends after {@link #close}. */
    Task task() {
        return task;
    }

    /** One look; while containerd is away or refuses, again a little later. */
    private void look(String key) {
        try {
            if (!finished) {
                look();
            }
        } catch (CriException e) {
            if (!e.unavailable()) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}", pod.key(), e.getMessage());
            }
            loop.addAfter(KEY, RETRY);
        }
    }

    private void look() {
        Pod now = pod;
        Observed found = observer.observe();
        seen = found;
        if (memory.lags(found)) {
            loop.addAfter(KEY, LAG);
        }
        List<String> addresses = addresses(found);
        probes.follow(found.runs().stream().filter(Run::running).toList(), primary(addresses), readyBefore());
        Known known = memory.known(probes.found());
        if (resizes(now, found, known)) {
            known = known.hindered(Resizing.obstacle(now, around.pods().get(), around.capacity()));
        }
        Plan plan = Decision.decide(now, found, known, gone, world.now());
        boolean more = false;
        tellBackOffs(now, plan);
        if (written.path("startTime").isMissingNode() || plan.actions().stream().noneMatch(PodWorker::immediate)) {
            writeStatus(now, found, known, plan);
        }
        for (Action action : plan.actions()) {
            more |= act(now, action, found, addresses);
        }
        if (more) {
            wake();
        }
        plan.again().ifPresent(after -> loop.addAfter(KEY, after));
        if (known.volumesReady() && !evicted && !now.isBeingDeleted() && !gone && !finished) {
            upkeep.refresh(addresses);
        }
        if (evicted && !found.anyRunning() && found.ready().isEmpty()) {
            giveBack(found);
        }
        upkeep.idle().ifPresent(after -> loop.addAfter(KEY, after));
        loop.addAfter(KEY, SLOW);
    }

    private static boolean resizes(Pod now, Observed found, Known known) {
        return now.allContainers().stream()
                .anyMatch(container -> found.last(container.name())
                        .filter(run -> known.toResize(run, container))
                        .isPresent());
    }

    /** An event for each container that begins to wait for its restart. */
    private void tellBackOffs(Pod now, Plan plan) {
        Set<String> waiting = new HashSet<>();
        plan.waiting().forEach((name, why) -> {
            if (why.reason().equals("CrashLoopBackOff")) {
                waiting.add(name);
                if (!backingOff.contains(name)) {
                    now.container(name)
                            .ifPresent(container -> around.events()
                                    .warning(
                                            now,
                                            container,
                                            "BackOff",
                                            "Back-off restarting failed container %s in pod %s"
                                                    .formatted(name, now.fullName())));
                }
            }
        });
        backingOff = Set.copyOf(waiting);
    }

    private List<String> addresses(Observed found) {
        return pod.hostNetwork()
                ? around.host().addresses()
                : found.ready().map(Sandbox::addresses).orElse(List.of());
    }

    /** Where hooks and probes go; "" while the Pod has no address. */
    private static String primary(List<String> addresses) {
        return addresses.stream().findFirst().orElse("");
    }

    /** What the status will not have to say, for the next look follows at once. */
    private static boolean immediate(Action action) {
        return action instanceof Action.RunSandbox || action instanceof Action.Start || action instanceof Action.Finish;
    }

    /** Does one step; true when the Pod must be looked at again at once. */
    private boolean act(Pod now, Action action, Observed found, List<String> addresses) {
        switch (action) {
            case Action.MountVolumes mount -> {
                return mount(addresses);
            }
            case Action.RunSandbox run -> {
                starter(now).runSandbox(run.attempt());
                return true;
            }
            case Action.FetchImage fetch -> now.container(fetch.container()).ifPresent(c -> fetch(now, c));
            case Action.Start start -> {
                Sandbox sandbox = found.ready().orElseThrow();
                start(now, now.container(start.container()).orElseThrow(), start.attempt(), sandbox, addresses);
                return true;
            }
            case Action.Stop stop -> stop(now, stop, addresses);
            case Action.Resize resize -> {
                return now.container(resize.container())
                        .filter(container -> resize(now, container, resize.run()))
                        .isPresent();
            }
            case Action.Forget forget -> {
                around.cri().removeContainer(forget.run());
                PodFiles.delete(files.log(forget.container(), forget.attempt()));
                return true;
            }
            case Action.StopSandbox stop -> around.cri().stopSandbox(stop.sandbox());
            case Action.Finish finish -> finish(now, found);
        }
        return false;
    }

    private boolean resize(Pod now, Container container, String run) {
        try {
            around.cri()
                    .updateResources(
                            run, Allowance.of(now, container, around.capacity().memoryBytes()));
        } catch (CriException e) {
            around.events().warning(now, container, "ResizeError", "Error resizing: " + e.description());
            loop.addAfter(KEY, RETRY);
            return false;
        }
        memory.gave(run, container.spec().path("resources"));
        around.events().normal(now, container, "ResizeCompleted", "Pod resize completed: " + container.name());
        return true;
    }

    private Starter starter(Pod now) {
        return new Starter(now, around, files, volumes);
    }

    private boolean mount(List<String> addresses) {
        boolean mounted = upkeep.refresh(addresses);
        if (mounted) {
            memory.volumesReady();
        }
        return mounted;
    }

    private void fetch(Pod now, Container container) {
        if (!memory.fetching(container.name())) {
            return;
        }
        world.start("image of " + now.key() + " " + container.name(), () -> {
            try {
                images.ensure(now, container);
                memory.fetched(container.name());
            } catch (Images.Failed e) {
                boolean again =
                        memory.notFetched(container.name(), e.reason(), String.valueOf(e.getMessage()), world.now());
                if (again || e.reason().equals("ErrImagePull")) {
                    around.events()
                            .normal(
                                    now,
                                    container,
                                    "BackOff",
                                    "Back-off pulling image \"%s\"".formatted(container.image()));
                    around.events().warning(now, container, "Failed", "Error: ImagePullBackOff");
                }
            } catch (CriException e) {
                memory.notFetched(container.name(), "ImageInspectError", e.getMessage(), world.now());
            }
            wake();
        });
    }

    private void start(Pod now, Container container, int attempt, Sandbox sandbox, List<String> addresses) {
        String run;
        try {
            run = starter(now).start(container, attempt, sandbox.id(), seen, addresses);
            memory.gave(run, container.spec().path("resources"));
            memory.started(container.name(), seen.last(container.name()));
        } catch (Starter.Failed e) {
            memory.started(container.name(), seen.last(container.name()));
            memory.failed(container.name(), e.reason(), e.getMessage(), world.now());
            return;
        }
        if (container.hasHook("postStart")) {
            memory.hooked(run, true);
            background("post-start hook of " + now.key(), () -> {
                boolean good = new Hooks(now, around).postStart(container, run, primary(addresses));
                memory.hooked(run, false);
                if (!good) {
                    around.events().normal(now, container, "Killing", "FailedPostStartHook");
                    around.cri().stopContainer(run, now.grace());
                }
            });
        }
    }

    private void stop(Pod now, Action.Stop stop, List<String> addresses) {
        Container container = now.container(stop.container()).orElse(null);
        if (container == null) {
            return;
        }
        memory.stopping(stop.run(), stop.grace());
        around.events().normal(now, container, "Killing", stop.message());
        background("stop of " + now.key() + " " + container.name(), () -> {
            try {
                boolean leaves = gone || now.isBeingDeleted();
                new Hooks(now, around).stop(container, stop.run(), addresses, stop.grace(), leaves);
            } finally {
                memory.stopped(stop.run());
            }
        });
    }

    /** A piece of work beside the worker, which is woken at its end; a failure is tried again by the next look. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private void background(String name, Work work) {
        world.start(name, () -> {
            try {
                work.run();
                wake();
            } catch (CriException e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}", pod.key(), e.getMessage());
                loop.addAfter(KEY, RETRY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void finish(Pod now, Observed found) {
        for (Sandbox sandbox : found.sandboxes()) {
            if (sandbox.ready()) {
                return; // stopped a moment ago: the next look finds it so
            }
        }
        probes.close();
        Known known = memory.known(probes.found());
        writeStatus(now, found, known, new Plan(java.util.List.of(), java.util.Map.of(), Optional.empty()));
        for (Sandbox sandbox : found.sandboxes()) {
            around.cri().removeSandbox(sandbox.id());
        }
        volumes.unmount();
        PodFiles.delete(files.logs());
        Cgroups.remove(SandboxConfigs.cgroup(around.host(), now.uid()));
        finished = true;
        if (!gone) {
            delete(now);
        }
        LOG.log(System.Logger.Level.INFO, "{0}: gone", now.key());
        ended.accept(this);
    }

    /** What an evicted Pod still holds of the disk; its logs stay to be read. */
    private void giveBack(Observed found) {
        found.runs().forEach(run -> around.cri().removeContainer(run.id()));
        volumes.unmount();
    }

    private void delete(Pod now) {
        try {
            around.api().delete(now.target(), DeleteOptions.now().withUid(now.uid()));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                finished = false;
                throw e;
            }
        }
    }

    /** The runs that the status in the API calls ready. */
    private Set<String> readyBefore() {
        Set<String> ready = new HashSet<>();
        for (String field : PodStatus.LISTS) {
            for (JsonNode container : written.path(field)) {
                if (container.path("ready").booleanValue(false)) {
                    ready.add(container.path("containerID").stringValue("").replace("containerd://", ""));
                }
            }
        }
        return ready;
    }

    private void writeStatus(Pod now, Observed found, Known known, Plan plan) {
        if (gone) {
            return;
        }
        JsonNode contradiction = now.contradiction();
        if (contradiction.isObject() && !contradiction.equals(answered)) {
            answered = contradiction;
            written = Conditions.reworded(written, contradiction);
        }
        ObjectNode status = new PodStatus(
                        now, found, known, plan, written, around.host(), world.now(), run -> messages.of(now, run))
                .status();
        if (status.equals(written)) {
            return;
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("uid", now.uid());
        patch.set("status", PodStatus.replacing(status, written));
        JsonNode before = written;
        written = status; // whoever sees the status in the API finds it here too
        try {
            around.api()
                    .patch(
                            now.target().withSubresource("status"),
                            new Patch.Strategic(patch),
                            WriteOptions.by("kubelet"));
        } catch (StatusException e) {
            written = before;
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }
}
