package io.jollyboat.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Puts a Pod's volumes in place and keeps them up to date: it looks at them again when a ConfigMap or Secret that they
 * show has changed, when the Pod itself has, and before a token ends; else never.
 */
final class VolumeUpkeep {
    static final Duration FIRST_RETRY = Duration.ofMillis(500);

    /** As the kubelet's: a volume that cannot be had is tried again after at most 2 minutes and 2 seconds. */
    static final Duration LONGEST_RETRY = Duration.ofSeconds(122);

    private final Supplier<Pod> current;
    private final Surroundings around;
    private final Volumes volumes;
    private volatile boolean stale = true;
    private Duration retry = FIRST_RETRY;
    private Optional<Instant> notBefore = Optional.empty();

    /**
     * @param current the Pod as it is now
     * @param wake has the Pod looked at
     */
    VolumeUpkeep(Supplier<Pod> current, Surroundings around, Volumes volumes, Runnable wake) {
        this.current = current;
        this.around = around;
        this.volumes = volumes;
        Pod pod = current.get();
        around.references().follow(pod.uid(), Volumes.references(pod), () -> {
            stale = true;
            wake.run();
        });
    }

    /** Something that volumes show may have changed. */
    void changed() {
        stale = true;
    }

    /**
     * Brings all volumes up to date where that is due.
     *
     * @param addresses of the Pod
     * @return whether they are; when not, an event said why
     */
    boolean refresh(List<String> addresses) {
        Instant now = around.world().now();
        boolean due = stale
                || notBefore.filter(time -> !now.isBefore(time)).isPresent()
                || !renewal(now).isPositive();
        if (!due) {
            return notBefore.isEmpty();
        }
        stale = false; // before anything is read: what changes from now on is read again
        Pod pod = current.get();
        try {
            volumes.mount(new DownwardApi(pod, around.host(), around.capacity(), addresses));
            retry = FIRST_RETRY;
            notBefore = Optional.empty();
            return true;
        } catch (ConfigException e) {
            around.events().warning(pod, "FailedMount", String.valueOf(e.getMessage()));
            notBefore = Optional.of(now.plus(retry));
            Duration twice = retry.multipliedBy(2);
            retry = twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
            return false;
        }
    }

    /** How long nothing is due if nothing changes; empty for ever. */
    Optional<Duration> idle() {
        Instant now = around.world().now();
        Duration left = notBefore.map(time -> Duration.between(now, time)).orElse(renewal(now));
        return left.compareTo(Volumes.NEVER) < 0 ? Optional.of(left) : Optional.empty();
    }

    private Duration renewal(Instant now) {
        return volumes.renewal(now);
    }
}
