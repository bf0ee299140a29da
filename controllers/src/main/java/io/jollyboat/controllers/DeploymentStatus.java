package io.jollyboat.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Decides what a Deployment's status says, in the reasons and words of Kubernetes. */
final class DeploymentStatus {
    static final String PROGRESSING = "Progressing";
    static final String COMPLETE = "NewReplicaSetAvailable";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";
    private static final String FAILURE = "ReplicaFailure";

    private final Deployment deployment;
    private final Instant now;

    DeploymentStatus(Deployment deployment, Instant now) {
        this.deployment = deployment;
        this.now = now;
    }

    /** The numbers, and whether enough Pods are available. */
    Deployment.Status counted(Collection<ReplicaSet> sets, Optional<ReplicaSet> present) {
        int wanted = 0;
        int actual = 0;
        int ready = 0;
        int available = 0;
        int terminating = 0;
        for (ReplicaSet set : sets) {
            wanted += set.replicas();
            actual += set.status().replicas();
            ready += set.status().ready();
            available += set.status().available();
            terminating += set.status().terminating();
        }
        boolean enough = available >= deployment.replicas() - deployment.unavailable();
        Condition condition = enough
                ? now("Available", Condition.TRUE, "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : now(
                        "Available",
                        Condition.FALSE,
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.");
        return new Deployment.Status(
                Math.max(deployment.generation(), deployment.status().observedGeneration()),
                actual,
                present.map(set -> set.status().replicas()).orElse(0),
                ready,
                available,
                Math.max(0, wanted - available),
                terminating,
                deployment.status().collisions(),
                Condition.set(pauseShown(deployment.status().conditions()), condition));
    }

    /** The numbers, and how the rollout gets on. */
    Deployment.Status rollout(Collection<ReplicaSet> sets, Optional<ReplicaSet> present, List<Condition> news) {
        Deployment.Status counted = counted(sets, present);
        List<Condition> conditions = counted.conditions();
        for (Condition condition : news) {
            conditions = Condition.set(conditions, condition);
        }
        Optional<Condition> progress = Condition.find(conditions, PROGRESSING);
        boolean wasComplete = counted.replicas() == counted.updated()
                && progress.map(condition -> condition.reason().equals(COMPLETE))
                        .orElse(false);
        if (deployment.deadline().isEmpty()) {
            conditions = Condition.without(conditions, PROGRESSING);
        } else if (!wasComplete) {
            conditions = progressed(conditions, counted, progress, subject(present));
        }
        Optional<Condition> failure = failure(sets, present);
        conditions =
                failure.isPresent() ? Condition.set(conditions, failure.get()) : Condition.without(conditions, FAILURE);
        return counted.withConditions(conditions);
    }

    private List<Condition> progressed(
            List<Condition> conditions, Deployment.Status counted, Optional<Condition> progress, String subject) {
        if (complete(counted)) {
            return Condition.set(
                    conditions, now(PROGRESSING, Condition.TRUE, COMPLETE, subject + " has successfully progressed."));
        }
        if (progressing(counted)) {
            Condition moving = now(PROGRESSING, Condition.TRUE, "ReplicaSetUpdated", subject + " is progressing.");
            boolean stays = progress.isPresent() && progress.get().is(Condition.TRUE);
            return Condition.replace(
                    conditions, stays ? moving.changedAt(progress.get().changed()) : moving);
        }
        if (progress.isPresent() && timedOut(progress.get())) {
            return Condition.set(
                    conditions, now(PROGRESSING, Condition.FALSE, TIMED_OUT, subject + " has timed out progressing."));
        }
        return conditions;
    }

    /** Whether all wanted Pods, and no others, are there, new and available. */
    boolean complete(Deployment.Status status) {
        return status.updated() == deployment.replicas()
                && status.replicas() == deployment.replicas()
                && status.available() == deployment.replicas()
                && status.observedGeneration() >= deployment.generation();
    }

    /** When to look again whether the deadline has passed; empty when nothing is waited for. */
    Optional<Duration> untilDeadline(Deployment.Status status) {
        Optional<Condition> progress = Condition.find(status.conditions(), PROGRESSING);
        if (deployment.deadline().isEmpty() || progress.isEmpty() || deployment.paused()) {
            return Optional.empty();
        }
        String reason = progress.get().reason();
        if (complete(status) || reason.equals(TIMED_OUT) || reason.equals(COMPLETE)) {
            return Optional.empty();
        }
        Instant end = progress.get().updated().plus(deployment.deadline().get());
        return Optional.of(Duration.between(now, end).plusSeconds(1));
    }

    private boolean progressing(Deployment.Status counted) {
        Deployment.Status old = deployment.status();
        return counted.updated() > old.updated()
                || counted.replicas() - counted.updated() < old.replicas() - old.updated()
                || counted.ready() > old.ready()
                || counted.available() > old.available();
    }

    private boolean timedOut(Condition progress) {
        if (progress.reason().equals(COMPLETE)) {
            return false;
        }
        return progress.reason().equals(TIMED_OUT)
                || progress.updated().plus(deployment.deadline().orElseThrow()).isBefore(now);
    }

    /** Being paused or resumed stops the clock of the deadline. */
    private List<Condition> pauseShown(List<Condition> conditions) {
        Optional<Condition> progress = Condition.find(conditions, PROGRESSING);
        String reason = progress.map(Condition::reason).orElse("");
        if (deployment.deadline().isEmpty() || reason.equals(TIMED_OUT)) {
            return conditions;
        }
        boolean shown = reason.equals("DeploymentPaused");
        if (deployment.paused() && !shown) {
            return Condition.set(
                    conditions, now(PROGRESSING, Condition.UNKNOWN, "DeploymentPaused", "Deployment is paused"));
        }
        if (!deployment.paused() && shown) {
            return Condition.set(
                    conditions, now(PROGRESSING, Condition.UNKNOWN, "DeploymentResumed", "Deployment is resumed"));
        }
        return conditions;
    }

    private static Optional<Condition> failure(Collection<ReplicaSet> sets, Optional<ReplicaSet> present) {
        Optional<Condition> own =
                present.flatMap(set -> Condition.find(set.status().conditions(), FAILURE));
        return own.or(() -> sets.stream()
                        .sorted(Revisions.OLDEST_FIRST)
                        .flatMap(set -> Condition.find(set.status().conditions(), FAILURE).stream())
                        .findFirst())
                .map(found -> new Condition(
                        FAILURE, found.status(), found.reason(), found.message(), found.changed(), found.changed()));
    }

    private String subject(Optional<ReplicaSet> present) {
        return present.map(set -> "ReplicaSet \"" + set.name() + "\"")
                .orElse("Deployment \"" + deployment.name() + "\"");
    }

    private Condition now(String type, String status, String reason, String message) {
        return Condition.now(type, status, reason, message, now);
    }
}
