package io.jollyboat.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a Pod's worker remembers and containerd does not tell, as one immutable picture for decisions. All of it may be
 * lost with the process: a new one begins with an empty picture and finds the rest in containerd and the API.
 *
 * @param started when the node accepted the Pod
 * @param volumesReady whether all volumes are in place
 * @param images the containers whose image is here and checked for their next start
 * @param fetching the containers whose image is being fetched
 * @param pulls what became of images that could not be had, by container
 * @param errors why a container could not be made or started, by container
 * @param restarts the last restart's back-off, by container
 * @param stopping the runs that are being stopped, with the time that they were given
 * @param hooked the runs whose post-start hook has not ended
 * @param probes what probes found, by run
 * @param restartCounts of the API's status, for Pods whose runs containerd has lost
 * @param given what runs may use: the container's resources when they were last set, by run
 * @param obstacle why the node cannot give runs what their containers ask for now
 * @param evicted why the node ended the Pod, "" while it did not
 * @param finalPhase Succeeded or Failed where the API has the Pod so already: it never starts again; else ""
 */
record Known(
        Instant started,
        boolean volumesReady,
        Set<String> images,
        Set<String> fetching,
        Map<String, Failure> pulls,
        Map<String, Failure> errors,
        Map<String, BackOff> restarts,
        Map<String, Duration> stopping,
        Set<String> hooked,
        Map<String, Health> probes,
        Map<String, Integer> restartCounts,
        Map<String, JsonNode> given,
        Optional<Resizing.Obstacle> obstacle,
        String evicted,
        String finalPhase) {
    Known {
        given = Map.copyOf(given);
        images = Set.copyOf(images);
        fetching = Set.copyOf(fetching);
        pulls = Map.copyOf(pulls);
        errors = Map.copyOf(errors);
        restarts = Map.copyOf(restarts);
        stopping = Map.copyOf(stopping);
        hooked = Set.copyOf(hooked);
        probes = Map.copyOf(probes);
        restartCounts = Map.copyOf(restartCounts);
    }

    static Known nothing(Instant started) {
        return new Known(
                started,
                false,
                Set.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                "",
                "");
    }

    /** Whether a run was given other amounts than its container asks for now. */
    boolean toResize(Observed.Run run, Pod.Container container) {
        JsonNode amounts = given.get(run.id());
        return run.running()
                && amounts != null
                && Resizing.differs(amounts, container.spec().path("resources"));
    }

    Known hindered(Optional<Resizing.Obstacle> why) {
        return new Known(
                started,
                volumesReady,
                images,
                fetching,
                pulls,
                errors,
                restarts,
                stopping,
                hooked,
                probes,
                restartCounts,
                given,
                why,
                evicted,
                finalPhase);
    }

    /**
     * A step towards running that failed and will be tried again.
     *
     * @param reason as the container's waiting state shows it at first
     * @param failed when
     * @param delay until the next try
     */
    record Failure(String reason, String message, Instant failed, Duration delay) {
        /** How long to wait before the next try. */
        Duration left(Instant now) {
            return BackOff.left(delay, failed, now);
        }
    }

    /** What probes found of a run: started, ready to serve, alive; and the words of a deadly failure. */
    record Health(boolean started, boolean ready, boolean alive, String failure) {
        static final Health UNPROBED = new Health(true, true, true, "");
    }
}
