package io.jollyboat.node;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker shall do for its Pod next.
 *
 * @param waiting why containers that do not run wait, by container
 * @param again when to look anew though nothing happens
 */
record Plan(List<Action> actions, Map<String, Waiting> waiting, Optional<Duration> again) {
    Plan {
        actions = List.copyOf(actions);
        waiting = Map.copyOf(waiting);
    }

    /** A container's waiting state. */
    record Waiting(String reason, String message) {}

    /** One step; those that take long run beside the worker, which is told when they end. */
    sealed interface Action {
        /** Puts all volumes in place. */
        record MountVolumes() implements Action {}

        record RunSandbox(int attempt) implements Action {}

        /** Has the image of a container's next run here. */
        record FetchImage(String container) implements Action {}

        record Start(String container, int attempt) implements Action {}

        /**
         * Stops one run.
         *
         * @param message for the event, in the kubelet's words
         */
        record Stop(String run, String container, Duration grace, String message) implements Action {}

        /** Gives a run what its container may use now. */
        record Resize(String run, String container) implements Action {}

        /** Removes an old run, so that two of each container remain. */
        record Forget(String run, String container, int attempt) implements Action {}

        /** Stops a sandbox; its containers have ended. */
        record StopSandbox(String sandbox) implements Action {}

        /** Removes all that the Pod left on the node, and then the object where it is being deleted. */
        record Finish() implements Action {}
    }
}
