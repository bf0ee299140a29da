package io.jollyboat.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides the next step of a Deployment: which ReplicaSet to create, which sizes to change, which sets to forget, what
 * the status says. Each call takes one step; the changes that it makes bring the next call.
 *
 * <p>A rolling update keeps two promises. There are never more Pods than {@code replicas + surge}: the new set grows
 * only into the room that is left. There are never fewer available Pods than {@code replicas - unavailable}: old sets
 * shrink first by their Pods that do not work anyway, then by what is available beyond that number.
 */
final class Rollout {
    /** What to do. {@code changed} holds sets as they shall be, with the versions that they were decided on. */
    record Plan(
            Optional<NewSet> created,
            List<ReplicaSet> changed,
            List<ReplicaSet> deleted,
            String revision,
            Deployment.Status status,
            Optional<Duration> again) {}

    record NewSet(String name, PodTemplate template, int replicas, Map<String, String> annotations) {}

    private final Deployment deployment;
    private final Instant now;
    private final List<ReplicaSet> sets;
    private final boolean oldPodsLeft;
    private final DeploymentStatus status;
    private final Map<String, ReplicaSet> changed = new HashMap<>();
    private final List<Condition> news = new ArrayList<>();
    private Optional<NewSet> created = Optional.empty();
    private List<ReplicaSet> deleted = List.of();

    private Rollout(Deployment deployment, List<ReplicaSet> sets, boolean oldPodsLeft, Instant now) {
        this.deployment = deployment;
        this.sets = sets.stream().sorted(Revisions.OLDEST_FIRST).toList();
        this.oldPodsLeft = oldPodsLeft;
        this.now = now;
        this.status = new DeploymentStatus(deployment, now);
    }

    /**
     * @param sets those that the Deployment controls
     * @param oldPodsLeft whether Pods of sets other than the present one have not ended, which is what
     *     {@code Recreate} waits for
     */
    static Plan decide(Deployment deployment, List<ReplicaSet> sets, boolean oldPodsLeft, Instant now) {
        return new Rollout(deployment, sets, oldPodsLeft, now).plan();
    }

    private Plan plan() {
        Optional<ReplicaSet> present = Revisions.present(deployment, sets);
        List<ReplicaSet> old = present.map(this::othersThan).orElse(sets);
        if (deployment.metadata().deleting()) {
            return done("", status.counted(sets, present), Optional.empty());
        }
        long next = Revisions.next(old);
        present.ifPresent(set -> change(Revisions.annotated(deployment, set, next)));
        if (deployment.paused() || resized()) {
            scale(present, old);
            if (deployment.paused()) {
                deleted = Revisions.surplus(deployment, old);
            }
            return done(shown(present), status.counted(sets, present), Optional.empty());
        }
        present.ifPresent(this::noticed);
        if (deployment.recreate()) {
            recreate(present, old, next);
        } else {
            roll(present, old, next);
        }
        if (created.isEmpty() && changed.isEmpty() && status.complete(deployment.status())) {
            deleted = Revisions.surplus(deployment, old);
        }
        Deployment.Status wanted = status.rollout(sets, present, news);
        String revision = created.isPresent() ? String.valueOf(next) : shown(present);
        return done(revision, wanted, status.untilDeadline(wanted));
    }

    private Plan done(String revision, Deployment.Status wanted, Optional<Duration> again) {
        return new Plan(created, List.copyOf(changed.values()), deleted, revision, wanted, again);
    }

    private List<ReplicaSet> othersThan(ReplicaSet present) {
        return sets.stream()
                .filter(set -> !set.metadata().uid().equals(present.metadata().uid()))
                .toList();
    }

    /** The revision that the Deployment shows: that of its present set, after this step. */
    private String shown(Optional<ReplicaSet> present) {
        return present.map(set -> latest(set).annotations().getOrDefault(Revisions.REVISION, ""))
                .orElse("");
    }

    /** Whether the wanted size has changed since the active sets were last sized. */
    private boolean resized() {
        return active(sets).stream().anyMatch(set -> {
            String desired = set.annotations().get(Revisions.DESIRED);
            return desired != null && Revisions.number(desired) != deployment.replicas();
        });
    }

    private void scale(Optional<ReplicaSet> present, List<ReplicaSet> old) {
        List<ReplicaSet> active = active(sets);
        if (active.size() <= 1) {
            Optional<ReplicaSet> only = active.isEmpty()
                    ? present.or(() -> old.isEmpty() ? Optional.empty() : Optional.of(old.getLast()))
                    : Optional.of(active.getFirst());
            only.ifPresent(set -> resize(set, deployment.replicas()));
        } else if (present.map(this::saturated).orElse(false)) {
            active(old).forEach(set -> resize(set, 0));
        } else if (!deployment.recreate()) {
            Proportions.scaled(deployment, active.stream().map(this::latest).toList())
                    .forEach(set -> resize(set, set.replicas()));
        }
    }

    private boolean saturated(ReplicaSet set) {
        return set.replicas() == deployment.replicas()
                && Revisions.number(set.annotations().getOrDefault(Revisions.DESIRED, "")) == deployment.replicas()
                && set.status().available() == deployment.replicas();
    }

    private void roll(Optional<ReplicaSet> present, List<ReplicaSet> old, long next) {
        if (present.isEmpty()) {
            create(grown(0), next);
            return;
        }
        ReplicaSet set = present.get();
        if (set.replicas() > deployment.replicas()) {
            resize(set, deployment.replicas());
        } else if (set.replicas() < deployment.replicas() && grown(set.replicas()) != set.replicas()) {
            resize(set, grown(set.replicas()));
        } else {
            shrink(set, active(old));
        }
    }

    /** How large a new set of some size may become now. */
    private int grown(int size) {
        int room = deployment.replicas() + deployment.surge() - total(sets);
        return room <= 0 ? size : size + Math.min(room, deployment.replicas() - size);
    }

    private void shrink(ReplicaSet present, List<ReplicaSet> old) {
        int least = deployment.replicas() - deployment.unavailable();
        int missing = present.replicas() - present.status().available();
        int surplus = total(sets) - least - missing;
        if (old.isEmpty() || surplus <= 0) {
            return;
        }
        for (ReplicaSet set : old) {
            int broken = Math.clamp(set.replicas() - set.status().available(), 0, Math.max(0, surplus));
            surplus -= broken;
            resize(set, set.replicas() - broken);
        }
        int spare = sets.stream().mapToInt(set -> set.status().available()).sum() - least;
        for (ReplicaSet set : old) {
            int size = latest(set).replicas();
            int fewer = Math.clamp(spare, 0, size);
            spare -= fewer;
            resize(set, size - fewer);
        }
    }

    private void recreate(Optional<ReplicaSet> present, List<ReplicaSet> old, long next) {
        List<ReplicaSet> active = active(old);
        if (!active.isEmpty()) {
            active.forEach(set -> resize(set, 0));
        } else if (!oldPodsLeft) {
            present.ifPresentOrElse(
                    set -> {
                        if (set.replicas() != deployment.replicas()) {
                            resize(set, deployment.replicas());
                        }
                    },
                    () -> create(deployment.replicas(), next));
        }
    }

    private void create(int replicas, long revision) {
        PodTemplate template =
                deployment.template().withHash(deployment.status().collisions());
        String name = deployment.name() + "-" + template.hash();
        created = Optional.of(new NewSet(name, template, replicas, Revisions.initial(deployment, revision)));
        progress("NewReplicaSetCreated", "Created new replica set \"" + name + "\"");
    }

    private void noticed(ReplicaSet set) {
        if (Condition.find(deployment.status().conditions(), DeploymentStatus.PROGRESSING)
                .isEmpty()) {
            progress("FoundNewReplicaSet", "Found new replica set \"" + set.name() + "\"");
        }
    }

    private void progress(String reason, String message) {
        if (deployment.deadline().isPresent()) {
            news.add(Condition.now(DeploymentStatus.PROGRESSING, Condition.TRUE, reason, message, now));
        }
    }

    /** A set with a size, and the annotations by which a later scaling knows it. */
    static ReplicaSet sized(Deployment deployment, ReplicaSet set, int size) {
        Map<String, String> annotations = new HashMap<>(set.annotations());
        annotations.putAll(Revisions.sizes(deployment));
        return set.withReplicas(size).withAnnotations(annotations);
    }

    private void resize(ReplicaSet set, int size) {
        if (latest(set).replicas() != size || deployment.paused() || resized()) {
            change(sized(deployment, latest(set), size));
        }
    }

    private void change(ReplicaSet wanted) {
        if (sets.contains(wanted)) {
            changed.remove(wanted.metadata().uid());
        } else {
            changed.put(wanted.metadata().uid(), wanted);
        }
    }

    private ReplicaSet latest(ReplicaSet set) {
        return changed.getOrDefault(set.metadata().uid(), set);
    }

    private static List<ReplicaSet> active(List<ReplicaSet> sets) {
        return sets.stream().filter(set -> set.replicas() > 0).toList();
    }

    private static int total(List<ReplicaSet> sets) {
        return sets.stream().mapToInt(ReplicaSet::replicas).sum();
    }
}
