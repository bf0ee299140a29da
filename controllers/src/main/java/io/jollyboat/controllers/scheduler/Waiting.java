package io.jollyboat.controllers.scheduler;

import io.jollyboat.client.Change;
import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pods without a node, and which of them are to be looked at. One that could not be placed is looked at again when
 * something has changed that may help it: a node, or a Pod that is gone; where it regards other Pods, also one that was
 * placed. While much changes, it is looked at the more seldom the longer it has waited: after a tenth of that time, and
 * of {@link #LONGEST_GAP} at most. After {@link #AGAIN} it is looked at in any case.
 *
 * <p>All but the listeners belongs to the loop's thread.
 */
final class Waiting {
    /** Pods without a node, under one name. */
    static final Index<PodFacts> WITHOUT_NODE = new Index<>(
            "waiting",
            pod -> pod.nodeName().isEmpty()
                            && pod.schedulerName().equals(Scheduler.NAME)
                            && !pod.finished()
                            && !pod.deleting()
                    ? List.of(Waiting.NAME)
                    : List.of());

    static final Duration AGAIN = Duration.ofMinutes(1);
    static final Duration LONGEST_GAP = Duration.ofSeconds(10);
    /** Before a Pod that could not be bound is looked at again. */
    static final Duration REFUSED_GAP = Duration.ofSeconds(1);

    private static final String NAME = "waiting";
    private static final int GAP_PART = 10;
    private static final long NEVER = -1; // no relief
    private static final long REFUSED = -2; // none either: it was no lack of room

    private static final Comparator<PodFacts> MOST_IMPORTANT_FIRST = Comparator.comparingInt(PodFacts::priority)
            .reversed()
            .thenComparing(PodFacts::created)
            .thenComparing(pod -> pod.key().namespace())
            .thenComparing(pod -> pod.key().name());

    /**
     * A Pod that could not be placed.
     *
     * @param first when it was looked at for the first time, and {@code last} for the last, on the monotonic clock
     * @param relief what had happened by then
     */
    private record Attempt(PodFacts pod, long first, long last, long relief) {}

    /** What is due, and when something that is not yet due will be. */
    record Due(List<PodFacts> pods, Optional<Duration> next) {}

    private final Mirror<PodFacts> pods;
    private final AtomicLong roomMade = new AtomicLong(); // counts
    private final AtomicLong othersPlaced = new AtomicLong();
    private final Map<Key, Attempt> attempts = new HashMap<>();
    private final Map<PodFacts, String> hopeless = new HashMap<>(); // by kind, while no room is made
    private long hopelessSince;

    Waiting(Mirror<PodFacts> pods, Mirror<NodeFacts> nodes) {
        this.pods = pods;
        nodes.onChange(change -> roomMade.incrementAndGet());
        pods.onChange(this::podChanged);
    }

    private void podChanged(Change<PodFacts> change) {
        switch (change) {
            case Change.Added<PodFacts>(Key key, PodFacts pod) -> {
                if (pod.placed()) {
                    othersPlaced.incrementAndGet();
                }
            }
            case Change.Modified<PodFacts>(Key key, PodFacts before, PodFacts after) -> {
                if (before.placed() && (!after.placed() || after.deleting() != before.deleting())) {
                    roomMade.incrementAndGet();
                } else if (after.placed()) {
                    othersPlaced.incrementAndGet();
                }
            }
            case Change.Removed<PodFacts>(Key key, PodFacts pod) -> {
                if (pod.placed()) {
                    roomMade.incrementAndGet();
                }
            }
        }
    }

    /** Something was given back that is no change of an object. */
    void madeRoom() {
        roomMade.incrementAndGet();
    }

    /** The Pods that are to be looked at now, the most important first, and at most so many. */
    Due due(int most, long now, Floor floor) {
        Snapshot<PodFacts> shown = pods.snapshot();
        Collection<PodFacts> all = shown.in(WITHOUT_NODE, NAME);
        attempts.keySet().removeIf(key -> !waits(shown, key));
        PriorityQueue<PodFacts> chosen = new PriorityQueue<>(MOST_IMPORTANT_FIRST.reversed());
        long soonest = Long.MAX_VALUE;
        for (PodFacts pod : all) {
            if (floor.isBound(pod)) {
                continue;
            }
            long in = wait(pod, now);
            if (in > 0) {
                soonest = Math.min(soonest, in);
                continue;
            }
            chosen.add(pod);
            if (chosen.size() > most) {
                chosen.remove();
                soonest = 0;
            }
        }
        List<PodFacts> sorted = new ArrayList<>(chosen);
        sorted.sort(MOST_IMPORTANT_FIRST);
        return new Due(sorted, soonest == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(soonest)));
    }

    static boolean waits(Snapshot<PodFacts> shown, Key key) {
        return shown.get(key)
                .filter(pod -> !WITHOUT_NODE.values().apply(pod).isEmpty())
                .isPresent();
    }

    /** In how many nanoseconds the Pod is to be looked at. */
    private long wait(PodFacts pod, long now) {
        Attempt attempt = attempts.get(pod.key());
        if (attempt == null || !attempt.pod.equals(pod)) {
            return 0;
        }
        long least = attempt.relief == REFUSED ? REFUSED_GAP.toNanos() : 0;
        long gap = attempt.relief == relief(pod)
                ? AGAIN.toNanos()
                : Math.clamp((attempt.last - attempt.first) / GAP_PART, least, LONGEST_GAP.toNanos());
        return Math.max(0, attempt.last + gap - now);
    }

    /** What happened so far, to be given to {@link #failed} by whoever decides from here on. */
    long relief(PodFacts pod) {
        return roomMade.get() + (pod.waitsForOthers() ? othersPlaced.get() : 0);
    }

    /** The Pod could not be placed, as things were at {@code relief}. */
    void failed(PodFacts pod, long relief, long now) {
        Attempt before = attempts.get(pod.key());
        long first = before != null && before.pod.uid().equals(pod.uid()) ? before.first : now;
        attempts.put(pod.key(), new Attempt(pod, first, now, relief));
    }

    /** What was decided for it no longer holds. */
    void again(PodFacts pod) {
        attempts.computeIfPresent(
                pod.key(), (key, attempt) -> new Attempt(attempt.pod, attempt.first, attempt.last, NEVER));
    }

    /**
     * A node was chosen for it, and it could not be bound.
     *
     * @return whether that is news
     */
    boolean refused(PodFacts pod, long now) {
        Attempt before = attempts.get(pod.key());
        failed(pod.on(""), REFUSED, now);
        return before == null || before.relief != REFUSED || !before.pod.uid().equals(pod.uid());
    }

    /**
     * Why Pods like this one cannot be placed, where that was found out since room was made last. What is placed
     * meanwhile makes it no better for a Pod that does not regard others.
     */
    Optional<String> hopeless(PodFacts pod) {
        if (roomMade.get() != hopelessSince) {
            hopeless.clear();
            hopelessSince = roomMade.get();
        }
        return hopeless.isEmpty() || pod.waitsForOthers()
                ? Optional.empty()
                : Optional.ofNullable(hopeless.get(pod.kind()));
    }

    /** No Pod like this one can be placed; {@code relief} as for {@link #failed}. */
    void foundHopeless(PodFacts pod, long relief, String message) {
        if (!pod.waitsForOthers() && relief == hopelessSince) {
            hopeless.put(pod.kind(), message);
        }
    }
}
