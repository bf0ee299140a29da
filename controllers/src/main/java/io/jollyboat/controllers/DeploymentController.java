package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Does what {@link Rollout} decides for each Deployment. */
final class DeploymentController implements Controller {
    private static final Duration LAG = Duration.ofSeconds(1);
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Api api;
    private final World world;
    private final Mirror<Deployment> deployments;
    private final Mirror<ReplicaSet> sets;
    private final Mirror<Pod> pods;
    private final EventRecorder events;
    private final Owned owned;
    private final Loop<Key> loop;
    private final Expectations ownWrites = new Expectations();
    private final Expectations setWrites = new Expectations();

    DeploymentController(
            Api api, World world, Mirror<Deployment> deployments, Mirror<ReplicaSet> sets, Mirror<Pod> pods) {
        this.api = api;
        this.world = world;
        this.deployments = deployments;
        this.sets = sets;
        this.pods = pods;
        this.events = new EventRecorder(api, world, "deployment-controller", "");
        this.owned = new Owned(api, deployments.resource(), sets.resource());
        this.loop = new Loop<>(world, "deployment-controller", this::handle);
        deployments.onChange(change -> loop.add(change.key()));
        sets.onChange(this::setChanged);
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(deployments, sets, pods);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop, events.loop());
    }

    private void setChanged(Change<ReplicaSet> change) {
        for (ReplicaSet set : change.versions()) {
            Optional<OwnerReference> controller = set.metadata().controller();
            if (controller.isEmpty()) {
                offer(set);
            } else if (controller.get().kind().equals("Deployment")) {
                loop.add(new Key(
                        set.metadata().key().namespace(), controller.get().name()));
            }
        }
    }

    /** Who selects a set that nobody controls may adopt it. */
    private void offer(ReplicaSet set) {
        String namespace = set.metadata().key().namespace();
        deployments.snapshot().in(Metadata.byNamespace(), namespace).stream()
                .filter(deployment -> deployment.selector().matches(set.labels()))
                .forEach(deployment -> loop.add(deployment.metadata().key()));
    }

    private void handle(Key key) {
        Optional<Deployment> found = deployments.snapshot().get(key);
        if (found.isEmpty()) {
            ownWrites.forget(key);
            setWrites.forget(key);
            return;
        }
        Deployment deployment = found.get();
        if (deployment.selector().isEverything()) {
            selectsEverything(deployment);
            return;
        }
        Snapshot<ReplicaSet> shown = sets.snapshot();
        boolean settled = ownWrites.settled(key, deployments.snapshot()) && setWrites.settled(key, shown);
        if (!settled || !deployment.metadata().deleting() && claim(deployment, shown)) {
            loop.addAfter(key, LAG);
            return;
        }
        String uid = deployment.metadata().uid();
        List<ReplicaSet> mine = shown.in(Metadata.byOwner(), uid).stream()
                .filter(set -> set.metadata().controlledBy(uid))
                .toList();
        Rollout.Plan plan = Rollout.decide(deployment, mine, oldPodsLeft(deployment, mine), world.now());
        follow(deployment, plan);
        plan.again().ifPresent(wait -> loop.addAfter(key, wait.isPositive() ? wait : LAG));
    }

    private boolean oldPodsLeft(Deployment deployment, List<ReplicaSet> mine) {
        Optional<ReplicaSet> present = Revisions.present(deployment, mine);
        return mine.stream()
                .filter(set -> !present.equals(Optional.of(set)))
                .anyMatch(set -> set.status().replicas() > 0
                        || pods.snapshot().in(Metadata.byOwner(), set.metadata().uid()).stream()
                                .anyMatch(pod -> !pod.finished()));
    }

    /** Adopts orphans and releases strays; true when it wrote anything. */
    private boolean claim(Deployment deployment, Snapshot<ReplicaSet> shown) {
        Key key = deployment.metadata().key();
        boolean wrote = false;
        for (ReplicaSet set : shown.in(Metadata.byOwner(), deployment.metadata().uid())) {
            if (!deployment.selector().matches(set.labels()) && !set.metadata().deleting()) {
                wrote |= expect(
                        key, owned.release(deployment.metadata(), set.metadata().key()));
            }
        }
        for (ReplicaSet set : shown.in(ReplicaSet.ORPHANS, key.namespace())) {
            if (deployment.selector().matches(set.labels()) && !set.metadata().deleting()) {
                wrote |= expect(
                        key, owned.adopt(deployment.metadata(), set.metadata().key()));
            }
        }
        return wrote;
    }

    private boolean expect(Key key, Optional<ObjectNode> written) {
        written.ifPresent(object -> setWrites.wrote(key, object));
        return written.isPresent();
    }

    private void follow(Deployment deployment, Rollout.Plan plan) {
        Key key = deployment.metadata().key();
        Deployment.Status status = plan.status();
        for (ReplicaSet set : plan.changed()) {
            change(deployment, set);
        }
        if (plan.created().isPresent()) {
            status = create(deployment, plan.created().get(), status);
        }
        for (ReplicaSet set : plan.deleted()) {
            delete(key, set);
        }
        String shown = deployment.annotations().getOrDefault(Revisions.REVISION, "");
        if (!plan.revision().isEmpty() && !plan.revision().equals(shown)) {
            ObjectNode patch = Merge.guarded(deployment.metadata().uid(), "");
            ((ObjectNode) patch.get("metadata")).putObject("annotations").put(Revisions.REVISION, plan.revision());
            ownWrites.wrote(key, patch(key.in(deployments.resource()), patch));
        }
        report(deployment, status);
    }

    private void change(Deployment deployment, ReplicaSet wanted) {
        Key key = wanted.metadata().key();
        ObjectNode patch = Merge.guarded(wanted.metadata().uid(), wanted.resourceVersion());
        ObjectNode annotations = ((ObjectNode) patch.get("metadata")).putObject("annotations");
        wanted.annotations().forEach(annotations::put);
        patch.putObject("spec").put("replicas", wanted.replicas()).put("minReadySeconds", wanted.minReadySeconds());
        int before = sets.snapshot().get(key).map(ReplicaSet::replicas).orElse(0);
        setWrites.wrote(deployment.metadata().key(), patch(key.in(sets.resource()), patch));
        if (before != wanted.replicas()) {
            scaled(deployment, wanted.name(), before, wanted.replicas());
        }
    }

    /** Creates the set; the status with what became of it. */
    private Deployment.Status create(Deployment deployment, Rollout.NewSet set, Deployment.Status status) {
        Key key = deployment.metadata().key();
        try {
            ObjectNode made = api.create(
                    sets.resource(),
                    key.namespace(),
                    json(deployment, set),
                    WriteOptions.by(Controllers.FIELD_MANAGER));
            setWrites.wrote(key, made);
            if (set.replicas() > 0) {
                scaled(deployment, set.name(), 0, set.replicas());
            }
            return status;
        } catch (StatusException e) {
            if (Controllers.namespaceTerminates(e)) {
                return status;
            }
            if (e.is(Reason.ALREADY_EXISTS)) {
                return taken(deployment, set, status);
            }
            String message = "Failed to create new replica set \"%s\": %s"
                    .formatted(set.name(), e.failure().message());
            events.warning(about(deployment), "ReplicaSetCreateError", message);
            Condition failed = Condition.now(
                    DeploymentStatus.PROGRESSING, Condition.FALSE, "ReplicaSetCreateError", message, world.now());
            report(
                    deployment,
                    deployment.deadline().isPresent()
                            ? status.withConditions(Condition.set(status.conditions(), failed))
                            : status);
            throw e;
        }
    }

    /** A set of that name is there: our own, or one of another template, which costs a new name. */
    private Deployment.Status taken(Deployment deployment, Rollout.NewSet set, Deployment.Status status) {
        Key name = new Key(deployment.metadata().key().namespace(), set.name());
        ObjectNode live = api.get(name.in(sets.resource()));
        ReplicaSet present = ReplicaSet.of(live);
        boolean own = present.metadata().controlledBy(deployment.metadata().uid())
                && present.template().sameButForHash(deployment.template());
        if (own) {
            setWrites.wrote(deployment.metadata().key(), live);
            loop.addAfter(deployment.metadata().key(), LAG);
            return status;
        }
        return status.withCollisions(status.collisions() + 1);
    }

    private ObjectNode json(Deployment deployment, Rollout.NewSet set) {
        ObjectNode object = Merge.object();
        object.put("apiVersion", sets.resource().apiVersion())
                .put("kind", sets.resource().kind());
        ObjectNode metadata = object.putObject("metadata")
                .put("name", set.name())
                .put("namespace", deployment.metadata().key().namespace());
        ObjectNode template = set.template().json();
        metadata.set("labels", template.path("metadata").path("labels").deepCopy());
        ObjectNode annotations = metadata.putObject("annotations");
        set.annotations().forEach(annotations::put);
        Merge.owners(metadata, List.of(owned.reference(deployment.metadata())));
        ObjectNode selector = (ObjectNode) MAPPER.readTree(deployment.selectorText());
        selector.withObjectProperty("matchLabels")
                .put(PodTemplate.HASH_LABEL, set.template().hash());
        ObjectNode spec = object.putObject("spec");
        spec.put("replicas", set.replicas());
        if (deployment.minReadySeconds() > 0) {
            spec.put("minReadySeconds", deployment.minReadySeconds());
        }
        spec.set("selector", selector);
        spec.set("template", template);
        return object;
    }

    private void delete(Key key, ReplicaSet set) {
        try {
            api.delete(
                    set.metadata().key().in(sets.resource()),
                    DeleteOptions.background().withUid(set.metadata().uid()));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
        setWrites.deleted(key, set.metadata());
    }

    private void report(Deployment deployment, Deployment.Status wanted) {
        if (wanted.equals(deployment.status())) {
            return;
        }
        ObjectNode patch = Merge.guarded(deployment.metadata().uid(), "");
        ObjectNode status = patch.putObject("status").put("observedGeneration", wanted.observedGeneration());
        Merge.counter(status, "replicas", wanted.replicas());
        Merge.counter(status, "updatedReplicas", wanted.updated());
        Merge.counter(status, "readyReplicas", wanted.ready());
        Merge.counter(status, "availableReplicas", wanted.available());
        Merge.counter(status, "unavailableReplicas", wanted.unavailable());
        Merge.counter(status, "terminatingReplicas", wanted.terminating());
        Merge.counter(status, "collisionCount", wanted.collisions());
        Merge.conditions(status, wanted.conditions());
        Key key = deployment.metadata().key();
        ownWrites.wrote(key, patch(key.in(deployments.resource()).withSubresource("status"), patch));
    }

    /** A Deployment that would own every Pod owns none. */
    private void selectsEverything(Deployment deployment) {
        events.warning(
                about(deployment),
                "SelectingAll",
                "This deployment is selecting all pods. A non-empty selector is required.");
        report(deployment, deployment.status().observed(deployment.generation()));
    }

    private void scaled(Deployment deployment, String set, int from, int to) {
        events.normal(
                about(deployment),
                "ScalingReplicaSet",
                "Scaled %s replica set %s from %d to %d".formatted(to > from ? "up" : "down", set, from, to));
    }

    private ObjectNode patch(Target target, ObjectNode patch) {
        return api.patch(target, new Patch.Merge(patch), WriteOptions.by(Controllers.FIELD_MANAGER));
    }

    private EventRecorder.About about(Deployment deployment) {
        return Controllers.about(deployments.resource(), deployment.metadata(), deployment.resourceVersion());
    }
}
