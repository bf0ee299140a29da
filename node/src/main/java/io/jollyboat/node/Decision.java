package io.jollyboat.node;

import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Observed.Sandbox;
import io.jollyboat.node.Plan.Action;
import io.jollyboat.node.Plan.Waiting;
import io.jollyboat.node.Pod.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.MissingNode;

/**
 * Decides what to do for a Pod next: from what is wanted, what runs, what is remembered and the time. It changes
 * nothing itself, and the same picture always gives the same plan.
 *
 * <p>The order is the kubelet's: volumes, sandbox, init containers one after another (those that restart always only
 * until they have started), then all containers at once. A sandbox that died takes its containers with it and
 * everything begins again in a new one, init containers too.
 */
final class Decision {
    /** Runs that are kept of each container: the present one, and the one before for its log. */
    private static final int KEPT_RUNS = 2;

    /** After a failed pull the state says so for a moment, then that the pull backs off. */
    static final Duration FRESH = Duration.ofSeconds(1);

    /** A resize for which there is no room now is tried again after this. */
    private static final Duration RESIZE_RETRY = Duration.ofSeconds(10);

    /** However little of the Pod's time is left, a container gets this much to end by itself. */
    private static final Duration LEAST_GRACE = Duration.ofSeconds(2);

    private final Pod pod;
    private final Observed seen;
    private final Known known;
    private final Instant now;
    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private Optional<Duration> again = Optional.empty();

    private Decision(Pod pod, Observed seen, Known known, Instant now) {
        this.pod = pod;
        this.seen = seen;
        this.known = known;
        this.now = now;
    }

    /**
     * The plan for a Pod.
     *
     * @param gone whether the API no longer has it
     */
    static Plan decide(Pod pod, Observed seen, Known known, boolean gone, Instant now) {
        var decision = new Decision(pod, seen, known, now);
        if (pod.isBeingDeleted() || gone) {
            decision.end(true);
        } else if (!known.finalPhase().isEmpty()
                || !known.evicted().isEmpty()
                || expired(pod, known, now)
                || Phase.of(pod, seen).ended()) {
            decision.end(false);
        } else {
            decision.run();
        }
        return new Plan(decision.actions, decision.waiting, decision.again);
    }

    /** Whether the Pod lived longer than its spec allows. */
    static boolean expired(Pod pod, Known known, Instant now) {
        return pod.deadline(known.started())
                .filter(deadline -> !now.isBefore(deadline))
                .isPresent();
    }

    private void end(boolean remove) {
        List<Run> running = seen.runs().stream().filter(Run::running).toList();
        List<String> sidecars = pod.initContainers().stream()
                .filter(Container::sidecar)
                .map(Container::name)
                .toList();
        List<Run> others = running.stream()
                .filter(run -> !sidecars.contains(run.container()))
                .toList();
        others.forEach(run -> stop(run, "Stopping container " + run.container()));
        if (others.isEmpty()) {
            lastSidecar(running, sidecars).ifPresent(run -> stopSidecar(run));
        }
        if (!running.isEmpty()) {
            return;
        }
        seen.sandboxes().stream()
                .filter(Sandbox::ready)
                .forEach(sandbox -> actions.add(new Action.StopSandbox(sandbox.id())));
        if (remove) {
            actions.add(new Action.Finish());
        }
    }

    /** Sidecars end in the order opposite to that in which they began, one after another. */
    private static Optional<Run> lastSidecar(List<Run> running, List<String> sidecars) {
        return running.stream().max(Comparator.comparing(run -> sidecars.indexOf(run.container())));
    }

    /** What the others have left of the Pod's time is given to it, or a little more. */
    private void stopSidecar(Run run) {
        Duration left = pod.end()
                .map(end -> Duration.between(now, end))
                .filter(time -> time.compareTo(LEAST_GRACE) >= 0)
                .orElse(LEAST_GRACE);
        Duration grace = pod.end().isPresent() && left.compareTo(pod.grace()) < 0 ? left : pod.grace();
        stop(run, grace, "Stopping container " + run.container());
    }

    private void run() {
        pod.deadline(known.started()).ifPresent(deadline -> lookAgain(Duration.between(now, deadline)));
        if (!known.volumesReady()) {
            actions.add(new Action.MountVolumes());
        }
        Optional<Sandbox> sandbox = seen.ready();
        if (sandbox.isEmpty()) {
            renewSandbox();
        }
        String current = sandbox.map(Sandbox::id).orElse("");
        boolean begun = pod.containers().stream()
                .anyMatch(c -> seen.last(c.name())
                        .filter(run -> run.sandbox().equals(current))
                        .isPresent());
        boolean initialized = true;
        for (Container container : pod.initContainers()) {
            if (!initialized || begun && !container.sidecar()) {
                continue;
            }
            initialized = init(container, current);
        }
        if (initialized || begun) {
            pod.containers().forEach(container -> main(container, current));
        }
        for (Container container : pod.ephemeralContainers()) {
            if (sandbox.isPresent() && seen.last(container.name()).isEmpty()) {
                start(container, current);
            }
        }
        forgetOldRuns();
    }

    /** What runs outside of a sandbox that serves is stopped, the old sandbox too, and a new one made. */
    private void renewSandbox() {
        List<Run> running = seen.runs().stream().filter(Run::running).toList();
        running.forEach(run -> stop(run, "Pod sandbox changed, it will be killed and re-created."));
        if (running.isEmpty() && known.volumesReady()) {
            int attempt =
                    seen.sandboxes().isEmpty() ? 0 : seen.sandboxes().getFirst().attempt() + 1;
            actions.add(new Action.RunSandbox(attempt));
        }
    }

    /** Looks after an init container; true when the next one may go on. */
    private boolean init(Container container, String sandbox) {
        Optional<Run> last =
                seen.last(container.name()).filter(run -> run.sandbox().equals(sandbox));
        if (last.isEmpty()) {
            start(container, sandbox);
            return false;
        }
        Run run = last.get();
        if (run.running()) {
            watch(container, run);
            Known.Health health = known.probes().getOrDefault(run.id(), Known.Health.UNPROBED);
            return container.sidecar() && health.started() && !known.hooked().contains(run.id());
        }
        if (run.succeeded() && !container.sidecar()) {
            return true;
        }
        restart(container, run, sandbox);
        return container.sidecar();
    }

    private void main(Container container, String sandbox) {
        Optional<Run> last = seen.last(container.name());
        if (last.isEmpty()) {
            start(container, sandbox);
        } else if (last.get().running()) {
            watch(container, last.get());
        } else if (Phase.restarts(pod, container, last.get())) {
            restart(container, last.get(), sandbox);
        }
    }

    private void watch(Container container, Run run) {
        Known.Health health = known.probes().getOrDefault(run.id(), Known.Health.UNPROBED);
        if (!health.alive()) {
            stop(run, "Container %s %s, will be restarted".formatted(container.name(), health.failure()));
        } else if (known.toResize(run, container)) {
            resize(container, run);
        }
    }

    private void resize(Container container, Run run) {
        if (known.obstacle().isPresent()) {
            lookAgain(RESIZE_RETRY);
        } else if (Resizing.needsRestart(container, known.given().getOrDefault(run.id(), MissingNode.getInstance()))) {
            stop(run, "Container %s resize requires restart".formatted(container.name()));
        } else {
            actions.add(new Action.Resize(run.id(), container.name()));
        }
    }

    private void stop(Run run, String message) {
        stop(run, pod.grace(), message);
    }

    /** Stops it, also where it is being stopped already with more time than the Pod has now. */
    private void stop(Run run, Duration grace, String message) {
        Duration given = known.stopping().get(run.id());
        if (given == null || pod.grace().compareTo(given) < 0) {
            actions.add(new Action.Stop(run.id(), run.container(), grace, message));
        }
    }

    private void restart(Container container, Run run, String sandbox) {
        if (run.state() == Observed.State.CREATED) {
            actions.add(new Action.Forget(run.id(), run.container(), run.attempt()));
            lookAgain(Duration.ZERO);
            return;
        }
        Optional<BackOff> backOff = Optional.ofNullable(known.restarts().get(container.name()));
        Duration left = backOff.map(b -> b.left(run.finished(), now)).orElse(Duration.ZERO);
        if (left.isPositive()) {
            Duration delay = backOff.map(BackOff::delay).orElse(left);
            waiting.put(
                    container.name(),
                    new Waiting(
                            "CrashLoopBackOff",
                            "back-off %s restarting failed container=%s pod=%s"
                                    .formatted(GoDuration.text(delay), container.name(), pod.fullName())));
            lookAgain(left);
            return;
        }
        start(container, sandbox);
    }

    /** Has the image here, and with it and a sandbox starts the container. */
    private void start(Container container, String sandbox) {
        Known.Failure error = known.errors().get(container.name());
        if (error != null) {
            waiting.put(container.name(), new Waiting(error.reason(), error.message()));
            if (error.left(now).isPositive()) {
                lookAgain(error.left(now));
                return;
            }
        }
        if (known.fetching().contains(container.name())) {
            return;
        }
        if (!known.images().contains(container.name())) {
            fetch(container);
        } else if (!sandbox.isEmpty() && known.volumesReady()) {
            actions.add(new Action.Start(container.name(), nextAttempt(container)));
        }
    }

    private void fetch(Container container) {
        Known.Failure pull = known.pulls().get(container.name());
        if (pull == null || !pull.left(now).isPositive()) {
            actions.add(new Action.FetchImage(container.name()));
            return;
        }
        Duration fresh = Duration.between(now, pull.failed().plus(FRESH));
        boolean backsOff = pull.reason().equals("ErrImagePull") && !fresh.isPositive();
        waiting.put(
                container.name(),
                backsOff
                        ? new Waiting(
                                "ImagePullBackOff",
                                "Back-off pulling image \"%s\": ErrImagePull: %s"
                                        .formatted(container.image(), pull.message()))
                        : new Waiting(pull.reason(), pull.message()));
        lookAgain(fresh.isPositive() ? fresh : pull.left(now));
    }

    private int nextAttempt(Container container) {
        return seen.last(container.name())
                .map(run -> run.attempt() + 1)
                .orElseGet(() -> known.restartCounts().containsKey(container.name())
                        ? known.restartCounts().get(container.name()) + 1
                        : 0);
    }

    private void forgetOldRuns() {
        for (Container container : pod.allContainers()) {
            seen.runs().stream()
                    .filter(run -> run.container().equals(container.name()))
                    .skip(KEPT_RUNS)
                    .filter(Run::ended)
                    .forEach(run -> actions.add(new Action.Forget(run.id(), run.container(), run.attempt())));
        }
    }

    private void lookAgain(Duration after) {
        again = again.filter(sooner -> sooner.compareTo(after) <= 0).or(() -> Optional.of(after));
    }
}
