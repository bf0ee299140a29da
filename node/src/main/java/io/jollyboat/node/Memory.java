package io.jollyboat.node;

import io.jollyboat.node.Known.Failure;
import io.jollyboat.node.Known.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a worker remembers of its Pod between two looks; its tasks write to it, so all of it is guarded by this. */
final class Memory {
    /** A container that cannot be made is tried again after this. */
    private static final Duration ERROR_DELAY = Duration.ofSeconds(10);

    private final Instant started;
    private final String finalPhase;
    private final Map<String, Integer> restartCounts = new HashMap<>();
    private final Set<String> images = new HashSet<>();
    private final Set<String> fetching = new HashSet<>();
    private final Map<String, Failure> pulls = new HashMap<>();
    private final Map<String, Failure> errors = new HashMap<>();
    private final Map<String, BackOff> restarts = new HashMap<>();
    private final Map<String, JsonNode> given = new HashMap<>();
    private final Map<String, Duration> stopping = new HashMap<>();
    private final Set<String> hooked = new HashSet<>();
    private final Set<String> exited = new HashSet<>();
    private boolean volumesReady;
    private String evicted = "";

    /** @param status of the Pod in the API: what an earlier process wrote */
    Memory(JsonNode status, Instant now) {
        String start = status.path("startTime").stringValue("");
        this.started = start.isEmpty() ? now : Instant.parse(start);
        String phase = status.path("phase").stringValue("");
        this.finalPhase = phase.equals("Succeeded") || phase.equals("Failed") ? phase : "";
        for (String field : PodStatus.LISTS) {
            for (JsonNode container : status.path(field)) {
                if (!container.path("containerID").stringValue("").isEmpty()) {
                    given.put(
                            container.path("containerID").stringValue("").replace("containerd://", ""),
                            container.path("resources"));
                    restartCounts.put(
                            container.path("name").stringValue(""),
                            container.path("restartCount").intValue(0));
                }
            }
        }
    }

    synchronized Known known(Map<String, Health> health) {
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
                health,
                restartCounts,
                given,
                Optional.empty(),
                evicted,
                finalPhase);
    }

    synchronized void volumesReady() {
        volumesReady = true;
    }

    /** Notes that an image is being fetched; false when it is already. */
    synchronized boolean fetching(String container) {
        return fetching.add(container);
    }

    synchronized void fetched(String container) {
        fetching.remove(container);
        pulls.remove(container);
        images.add(container);
    }

    /** Notes a failed fetch; true when it is not the first, so that the back-off grew. */
    synchronized boolean notFetched(String container, String reason, String message, Instant now) {
        fetching.remove(container);
        Optional<Failure> before = Optional.ofNullable(pulls.get(container));
        Duration delay = before.map(failure -> BackOff.shorter(failure.delay().multipliedBy(2)))
                .orElse(BackOff.FIRST);
        pulls.put(container, new Failure(reason, message, now, delay));
        return before.isPresent();
    }

    /** Notes a start: the image must be checked before the next one, and what failed before is past. */
    synchronized void started(String container, Optional<Observed.Run> before) {
        images.remove(container);
        errors.remove(container);
        before.filter(Observed.Run::ended).ifPresent(run -> {
            Optional<BackOff> last = Optional.ofNullable(restarts.get(container));
            restarts.put(container, BackOff.next(last, run.finished()));
        });
    }

    synchronized void failed(String container, String reason, String message, Instant now) {
        images.remove(container);
        errors.put(container, new Failure(reason, message, now, ERROR_DELAY));
    }

    /** Notes what a run may use from now on. */
    synchronized void gave(String run, JsonNode resources) {
        given.put(run, resources);
    }

    /** The node ends the Pod; why. */
    synchronized void evict(String message) {
        evicted = message;
    }

    synchronized void stopping(String run, Duration grace) {
        stopping.put(run, grace);
    }

    synchronized void stopped(String run) {
        stopping.remove(run);
    }

    synchronized void hooked(String run, boolean running) {
        if (running) {
            hooked.add(run);
        } else {
            hooked.remove(run);
        }
    }

    /** Notes that containerd told of an end. */
    synchronized void exited(String run) {
        exited.add(run);
    }

    /** Whether containerd still calls a run running of which it told the end: it must be asked again soon. */
    synchronized boolean lags(Observed seen) {
        exited.removeIf(id -> seen.runs().stream().noneMatch(run -> run.id().equals(id) && run.running())
                && seen.sandboxes().stream().noneMatch(box -> box.id().equals(id) && box.ready()));
        return !exited.isEmpty();
    }
}
