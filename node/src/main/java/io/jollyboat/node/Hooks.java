package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The post-start and pre-stop hooks of containers, and the stop that follows the latter. */
final class Hooks {
    /** However long the pre-stop hook took, the container gets this much to end by itself. */
    private static final Duration LEAST_GRACE = Duration.ofSeconds(2);

    /** Who still leads connections to the Pod after this, or after half of its time, is not waited for. */
    private static final Duration WITHDRAWAL_LIMIT = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Hooks.class.getName());
    private static final Duration POST_START_LIMIT = Duration.ofMinutes(10);

    private final Pod pod;
    private final Surroundings around;
    private final Prober prober;

    Hooks(Pod pod, Surroundings around) {
        this.pod = pod;
        this.around = around;
        this.prober = new Prober(around);
    }

    /** Runs the post-start hook to its end; false when it failed, which is told as an event. */
    boolean postStart(Container container, String run, String address) throws InterruptedException {
        Prober.Result result = run(container, run, "postStart", address, POST_START_LIMIT);
        if (!result.success()) {
            around.events().warning(pod, container, "FailedPostStartHook", "PostStartHook failed: " + result.message());
        }
        return result.success();
    }

    /**
     * Runs the pre-stop hook, waits until no new connections are led to a Pod that leaves, then stops the run; all
     * within {@code grace}, or a little longer.
     *
     * @param addresses the Pod's own, the primary one first
     * @param leaves whether the Pod is deleted: its containers do not start again
     */
    void stop(Container container, String run, List<String> addresses, Duration grace, boolean leaves)
            throws InterruptedException {
        World world = around.world();
        Duration left = grace;
        if (container.hasHook("preStop") && grace.isPositive()) {
            long begin = world.nanoTime();
            String address = addresses.stream().findFirst().orElse("");
            Prober.Result result = run(container, run, "preStop", address, grace);
            if (!result.success()) {
                around.events().warning(pod, container, "FailedPreStopHook", "PreStopHook failed: " + result.message());
            }
            left = grace.minusNanos(world.nanoTime() - begin);
            left = left.compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : left;
        }
        long waiting = world.nanoTime();
        if (leaves) {
            awaitWithdrawal(addresses, left);
        }
        around.cri().stopContainer(run, left.minusNanos(world.nanoTime() - waiting));
    }

    /** Pods in the node's own network share its addresses, so nothing could be told of one of them. */
    private void awaitWithdrawal(List<String> addresses, Duration left) throws InterruptedException {
        if (pod.hostNetwork() || addresses.isEmpty() || !left.isPositive()) {
            return;
        }
        Duration half = left.dividedBy(2);
        Duration limit = half.compareTo(WITHDRAWAL_LIMIT) < 0 ? half : WITHDRAWAL_LIMIT;
        if (!around.withdrawal().await(pod.namespace(), addresses, limit)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: told to end, though connections are still led to it after {1} ms",
                    pod.key(),
                    limit.toMillis());
        }
    }

    private Prober.Result run(Container container, String run, String hook, String address, Duration limit)
            throws InterruptedException {
        JsonNode action = container.spec().path("lifecycle").path(hook);
        if (action.has("sleep")) {
            Duration wanted =
                    Duration.ofSeconds(action.path("sleep").path("seconds").longValue(0));
            around.world().sleep(wanted.compareTo(limit) < 0 ? wanted : limit);
            return new Prober.Result(true, "");
        }
        return prober.probe(container, run, action, address, limit);
    }
}
