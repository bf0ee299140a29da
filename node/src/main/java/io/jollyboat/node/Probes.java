package io.jollyboat.node;

import io.jollyboat.node.Known.Health;
import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Pod.Container;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Probes the running containers of one Pod, each probe in a task of its own, and keeps what they found. */
final class Probes {
    private final Pod pod;
    private final Surroundings around;
    private final World world;
    private final Prober prober;
    private final Runnable changed;
    private final Map<String, Health> health = new ConcurrentHashMap<>();
    private final Map<String, List<Task>> tasks = new HashMap<>(); // guarded by itself
    private boolean closed; // guarded by tasks

    /** @param changed is called when a probe changes a verdict */
    Probes(Pod pod, Surroundings around, Runnable changed) {
        this.pod = pod;
        this.around = around;
        this.world = around.world();
        this.prober = new Prober(around);
        this.changed = changed;
    }

    /** What was found so far, by run. */
    Map<String, Health> found() {
        return Map.copyOf(health);
    }

    /**
     * Probes exactly these runs from now on.
     *
     * @param address of the Pod
     * @param ready the runs that the API calls ready already: they stay so until a probe says otherwise
     */
    void follow(List<Run> running, String address, Set<String> ready) {
        synchronized (tasks) {
            if (closed) {
                return;
            }
            for (Run run : running) {
                if (!tasks.containsKey(run.id())) {
                    pod.container(run.container())
                            .ifPresent(container -> begin(container, run, address, ready.contains(run.id())));
                }
            }
            Set<String> wanted = Set.copyOf(running.stream().map(Run::id).toList());
            tasks.entrySet().removeIf(entry -> {
                if (wanted.contains(entry.getKey())) {
                    return false;
                }
                entry.getValue().forEach(Task::cancel);
                health.remove(entry.getKey());
                return true;
            });
        }
    }

    /** Ends all probes; a look that is still going on begins none any more. */
    void close() {
        synchronized (tasks) {
            follow(List.of(), "", Set.of());
            closed = true;
            around.probes().forget(pod);
        }
    }

    private void begin(Container container, Run run, String address, boolean wasReady) {
        boolean startup = container.has("startupProbe");
        boolean readiness = container.has("readinessProbe");
        health.put(run.id(), new Health(!startup || wasReady, !readiness || wasReady, true, ""));
        List<Task> started = new ArrayList<>();
        for (String kind : List.of("startup", "readiness", "liveness")) {
            if (container.has(kind + "Probe") && !(kind.equals("startup") && wasReady)) {
                JsonNode spec = container.spec().path(kind + "Probe");
                started.add(world.start(
                        kind + " probe of " + pod.key() + " " + container.name(),
                        () -> run(new Probing(container, run.id(), kind, spec, address))));
            }
        }
        tasks.put(run.id(), started);
    }

    /** One probe of one run. */
    private record Probing(Container container, String run, String kind, JsonNode spec, String address) {
        Duration seconds(String field, long otherwise) {
            return Duration.ofSeconds(spec.path(field).longValue(otherwise));
        }

        int count(String field, int otherwise) {
            return Math.max(1, spec.path(field).intValue(otherwise));
        }
    }

    private void run(Probing probing) {
        try {
            awaitStarted(probing);
            world.sleep(probing.seconds("initialDelaySeconds", 0));
            int good = 0;
            int bad = 0;
            while (true) {
                Prober.Result result = prober.probe(
                        probing.container(),
                        probing.run(),
                        probing.spec(),
                        probing.address(),
                        probing.seconds("timeoutSeconds", 1));
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                around.probes().count(pod, probing.container(), probing.kind(), result.success());
                good = result.success() ? good + 1 : 0;
                bad = result.success() ? 0 : bad + 1;
                if (!result.success()) {
                    failed(probing, result);
                }
                if (good >= probing.count("successThreshold", 1) && succeeded(probing)) {
                    return;
                }
                if (bad >= probing.count("failureThreshold", 3)) {
                    exhausted(probing);
                }
                world.sleep(probing.seconds("periodSeconds", 10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run ended
        }
    }

    /** Liveness and readiness are not asked before the startup probe has passed. */
    private void awaitStarted(Probing probing) throws InterruptedException {
        while (!probing.kind().equals("startup")
                && !health.getOrDefault(probing.run(), Health.UNPROBED).started()) {
            world.sleep(Duration.ofMillis(100));
        }
    }

    private void failed(Probing probing, Prober.Result result) {
        String name = probing.kind().substring(0, 1).toUpperCase(Locale.ROOT)
                + probing.kind().substring(1);
        around.events()
                .warning(
                        pod, probing.container(), "Unhealthy", "%s probe failed: %s".formatted(name, result.message()));
    }

    /** Notes a success; true when this probe has nothing more to find out. */
    private boolean succeeded(Probing probing) {
        switch (probing.kind()) {
            case "startup" -> {
                change(probing.run(), old -> new Health(true, old.ready(), old.alive(), old.failure()));
                return true;
            }
            case "readiness" ->
                change(probing.run(), old -> new Health(old.started(), true, old.alive(), old.failure()));
            default -> {} // alive it is until the contrary is shown
        }
        return false;
    }

    private void exhausted(Probing probing) {
        if (probing.kind().equals("readiness")) {
            change(probing.run(), old -> new Health(old.started(), false, old.alive(), old.failure()));
        } else {
            change(
                    probing.run(),
                    old -> new Health(old.started(), old.ready(), false, "failed " + probing.kind() + " probe"));
        }
    }

    private void change(String run, UnaryOperator<Health> to) {
        Health before = health.get(run);
        if (before == null) {
            return;
        }
        Health after = to.apply(before);
        if (!after.equals(before)) {
            health.put(run, after);
            changed.run();
        }
    }
}
