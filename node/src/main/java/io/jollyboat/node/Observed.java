package io.jollyboat.node;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What containerd has of one Pod: its sandboxes and every run of its containers, the newest first. */
record Observed(List<Sandbox> sandboxes, List<Run> runs) {
    static final Observed NOTHING = new Observed(List.of(), List.of());

    Observed {
        sandboxes = sandboxes.stream()
                .sorted(Comparator.comparing(Sandbox::attempt).reversed())
                .toList();
        runs = runs.stream()
                .sorted(Comparator.comparing(Run::attempt).reversed())
                .toList();
    }

    /** The sandbox that serves. */
    Optional<Sandbox> ready() {
        return sandboxes.stream().filter(Sandbox::ready).findFirst();
    }

    /** The last run of a container. */
    Optional<Run> last(String container) {
        return runs.stream().filter(run -> run.container().equals(container)).findFirst();
    }

    /** The run before the last one. */
    Optional<Run> previous(String container) {
        return runs.stream()
                .filter(run -> run.container().equals(container))
                .skip(1)
                .findFirst();
    }

    boolean anyRunning() {
        return runs.stream().anyMatch(Run::running);
    }

    /**
     * A Pod's namespaces.
     *
     * @param ready whether its process lives
     * @param addresses in the Pod network, the primary one first; none while there is none
     */
    record Sandbox(String id, int attempt, boolean ready, List<String> addresses) {
        Sandbox {
            addresses = List.copyOf(addresses);
        }
    }

    /** How a run stands; CREATED never ran. */
    enum State {
        CREATED,
        RUNNING,
        EXITED,
        UNKNOWN
    }

    /**
     * One run of a container.
     *
     * @param attempt 0 for the first; the container's restart count
     * @param started the epoch where it never did; likewise {@code finished}
     * @param reason as containerd says, such as {@code OOMKilled}
     * @param image the name by which it was started
     * @param imageRef the image's digest
     */
    record Run(
            String id,
            String sandbox,
            String container,
            int attempt,
            State state,
            Instant started,
            Instant finished,
            int exitCode,
            String reason,
            String message,
            String image,
            String imageRef) {
        boolean running() {
            return state == State.RUNNING;
        }

        boolean ended() {
            return state == State.EXITED || state == State.UNKNOWN;
        }

        boolean succeeded() {
            return ended() && exitCode == 0 && state == State.EXITED;
        }
    }
}
