package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.Trees;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the status of PodDisruptionBudgets: how many of their Pods may be evicted, which the eviction of a Pod reads
 * and takes from. It looks at the live budget, so that no eviction is ever forgotten.
 */
final class DisruptionController implements Controller {
    static final Resource BUDGET = Resources.kind("policy/v1", "PodDisruptionBudget");
    private static final Resource STATEFUL_SET = Resources.kind("apps/v1", "StatefulSet");

    private final Api api;
    private final World world;
    private final Mirror<Budget> budgets;
    private final Mirror<Pod> pods;
    private final Mirror<Deployment> deployments;
    private final Mirror<ReplicaSet> replicaSets;
    private final Mirror<ReplicaSet> replicationControllers;
    private final EventRecorder events;
    private final PodGroups groups = new PodGroups();
    private final Loop<Key> loop;

    DisruptionController(Api api, World world, Mirrors mirrors) {
        this.api = api;
        this.world = world;
        this.budgets = mirrors.budgets;
        this.pods = mirrors.pods;
        this.deployments = mirrors.deployments;
        this.replicaSets = mirrors.replicaSets;
        this.replicationControllers = mirrors.replicationControllers;
        this.events = new EventRecorder(api, world, "controllermanager", "");
        this.loop = new Loop<>(world, "disruption-controller", this::handle);
        budgets.onChange(change -> loop.add(change.key()));
        pods.onChange(this::podChanged);
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(budgets, pods, deployments, replicaSets, replicationControllers);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop, events.loop());
    }

    private void podChanged(Change<Pod> change) {
        groups.changed(change);
        for (Budget budget :
                budgets.snapshot().in(Metadata.byNamespace(), change.key().namespace())) {
            if (change.versions().stream().anyMatch(budget::covers)) {
                loop.add(budget.metadata().key());
            }
        }
    }

    private void handle(Key key) {
        Optional<ObjectNode> found = find(key.in(BUDGET));
        if (found.isEmpty()) {
            return;
        }
        ObjectNode live = found.get();
        Budget budget = Budget.of(live);
        List<PodGroups.Group> covered = groups.covered(budget);
        OptionalInt wanted = Disruptions.relative(budget) ? wanted(key.namespace(), covered) : OptionalInt.of(0);
        Disruptions counted = Disruptions.count(budget, covered, evicted(budget), wanted.orElse(0), world.now());
        ObjectNode status = status(budget, counted, wanted.isPresent());
        counted.again().ifPresent(delay -> loop.addAfter(key, delay));
        if (Trees.equal(status, live.path("status"))) {
            return;
        }
        if (covered.isEmpty()) {
            events.normal(EventRecorder.About.of(live), "NoPods", "No matching pods found");
        }
        ObjectNode changed = live.deepCopy();
        changed.set("status", status);
        try {
            api.update(key.in(BUDGET).withSubresource("status"), changed, WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e; // and it is tried again
            }
        }
    }

    /** The Pods that it covers and notes as evicted, and that are still there. */
    private List<Pod> evicted(Budget budget) {
        return budget.disrupted().keySet().stream()
                .flatMap(name ->
                        pods.snapshot().get(new Key(budget.metadata().key().namespace(), name)).stream())
                .filter(budget::covers)
                .toList();
    }

    /** How many Pods their controllers want, each asked once; empty where one of them has no such number. */
    private OptionalInt wanted(String namespace, List<PodGroups.Group> covered) {
        int sum = 0;
        Set<String> asked = new HashSet<>();
        for (PodGroups.Group group : covered) {
            Optional<OwnerReference> owner = group.controller();
            if (owner.isEmpty() || !asked.add(owner.get().uid())) {
                continue;
            }
            OptionalInt replicas = wanted(namespace, owner.get(), asked);
            if (replicas.isEmpty()) {
                return replicas;
            }
            sum += replicas.getAsInt();
        }
        return OptionalInt.of(sum);
    }

    private OptionalInt wanted(String namespace, OwnerReference owner, Set<String> asked) {
        Key key = new Key(namespace, owner.name());
        return switch (owner.kind()) {
            case "ReplicaSet" ->
                replicaSets.snapshot().get(key).map(set -> above(set, asked)).orElse(OptionalInt.of(0));
            case "ReplicationController" ->
                OptionalInt.of(replicationControllers
                        .snapshot()
                        .get(key)
                        .map(ReplicaSet::replicas)
                        .orElse(0));
            case "StatefulSet" ->
                OptionalInt.of(find(key.in(STATEFUL_SET))
                        .map(set -> set.path("spec").path("replicas").intValue(1))
                        .orElse(0));
            default -> OptionalInt.empty();
        };
    }

    /** What the Deployment above a ReplicaSet wants, in the middle of a rollout too; or the set itself. */
    private OptionalInt above(ReplicaSet set, Set<String> asked) {
        Optional<Deployment> deployment = set.metadata()
                .controller()
                .filter(owner -> owner.kind().equals("Deployment"))
                .flatMap(owner ->
                        deployments.snapshot().get(new Key(set.metadata().key().namespace(), owner.name())));
        if (deployment.isPresent()) {
            boolean first = asked.add(deployment.get().metadata().uid());
            return OptionalInt.of(first ? deployment.get().replicas() : 0);
        }
        return OptionalInt.of(set.replicas());
    }

    private ObjectNode status(Budget budget, Disruptions counted, boolean known) {
        int allowed = known ? counted.allowed() : 0;
        ObjectNode status = Merge.object();
        status.putArray("conditions").add(condition(budget, allowed, known));
        status.put("currentHealthy", counted.healthy()).put("desiredHealthy", counted.desired());
        if (!counted.disrupted().isEmpty()) {
            ObjectNode disrupted = status.putObject("disruptedPods");
            new TreeMap<>(counted.disrupted()).forEach((name, time) -> disrupted.put(name, time.toString()));
        }
        return status.put("disruptionsAllowed", allowed)
                .put("expectedPods", counted.expected())
                .put("observedGeneration", budget.generation());
    }

    private ObjectNode condition(Budget budget, int allowed, boolean known) {
        String wanted = allowed > 0 ? Condition.TRUE : Condition.FALSE;
        String enough = allowed > 0 ? "SufficientPods" : "InsufficientPods";
        String since = budget.allowed()
                .filter(present -> present.is(wanted))
                .map(Condition::changed)
                .orElseGet(() -> world.now().truncatedTo(ChronoUnit.SECONDS))
                .toString();
        return Merge.object()
                .put("lastTransitionTime", since)
                .put("message", known ? "" : "a controller of its pods does not say how many it wants")
                .put("observedGeneration", budget.generation())
                .put("reason", known ? enough : "SyncFailed")
                .put("status", wanted)
                .put("type", Budget.ALLOWED);
    }

    private Optional<ObjectNode> find(Target target) {
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
