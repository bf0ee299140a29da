package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Keeps as many Pods as a ReplicaSet, or a ReplicationController, wants. */
final class ReplicaSetController implements Controller {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    /** How long to wait for a mirror that lags behind, before looking again unasked. */
    private static final Duration LAG = Duration.ofSeconds(1);

    /** What of a template's metadata its Pods get; a name would be the same for all. */
    private static final Set<String> FROM_TEMPLATE = Set.of("labels", "annotations", "finalizers");

    private final Api api;
    private final World world;
    private final Mirror<ReplicaSet> sets;
    private final Mirror<Pod> pods;
    private final boolean countsTerminating;
    private final EventRecorder events;
    private final Owned owned;
    private final Loop<Key> loop;
    private final Expectations expectations = new Expectations();

    /**
     * @param sets of ReplicaSets or of ReplicationControllers
     * @param component its name in events
     */
    ReplicaSetController(Api api, World world, Mirror<ReplicaSet> sets, Mirror<Pod> pods, String component) {
        this.api = api;
        this.world = world;
        this.sets = sets;
        this.pods = pods;
        this.countsTerminating = sets.resource().kind().equals("ReplicaSet");
        this.events = new EventRecorder(api, world, component, "");
        this.owned = new Owned(api, sets.resource(), PODS);
        this.loop = new Loop<>(world, component, this::handle);
        sets.onChange(change -> loop.add(change.key()));
        pods.onChange(this::podChanged);
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(sets, pods);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop, events.loop());
    }

    private void podChanged(Change<Pod> change) {
        for (Pod pod : change.versions()) {
            Optional<OwnerReference> controller = pod.metadata().controller();
            if (controller.isEmpty()) {
                offer(pod);
            } else if (controller.get().kind().equals(sets.resource().kind())) {
                loop.add(new Key(
                        pod.metadata().key().namespace(), controller.get().name()));
            }
        }
    }

    /** Who selects a Pod that nobody controls may adopt it. */
    private void offer(Pod pod) {
        String namespace = pod.metadata().key().namespace();
        sets.snapshot().in(Metadata.byNamespace(), namespace).stream()
                .filter(set -> set.selector().matches(pod.labels()))
                .forEach(set -> loop.add(set.metadata().key()));
    }

    private void handle(Key key) {
        Optional<ReplicaSet> found = sets.snapshot().get(key);
        if (found.isEmpty()) {
            expectations.forget(key);
            return;
        }
        ReplicaSet set = found.get();
        boolean going = set.metadata().deleting();
        Snapshot<Pod> shown = pods.snapshot();
        boolean settled = expectations.settled(key, shown);
        if (settled && !going && claim(set, shown)) {
            settled = expectations.settled(key, pods.snapshot());
            shown = pods.snapshot();
        }
        List<Pod> mine = List.copyOf(shown.in(Metadata.byOwner(), set.metadata().uid()));
        List<Pod> active = mine.stream()
                .filter(pod -> pod.active()
                        && pod.metadata().controlledBy(set.metadata().uid()))
                .toList();
        int terminating = (int) mine.stream()
                .filter(pod -> pod.metadata().deleting() && !pod.finished())
                .count();
        Optional<Replicas.Failure> failure = settled && !going ? change(set, active, shown) : Optional.empty();
        if (settled) {
            report(set, Replicas.status(set, active, countsTerminating ? terminating : 0, failure, world.now()));
            Replicas.nextAvailable(set, active, world.now()).ifPresent(wait -> loop.addAfter(key, wait));
        } else {
            loop.addAfter(key, LAG);
        }
        failure.ifPresent(problem -> {
            throw new ControllerException(problem.reason() + ": " + problem.message());
        });
    }

    /** Adopts orphans and releases strays; true when it wrote anything. */
    private boolean claim(ReplicaSet set, Snapshot<Pod> shown) {
        boolean wrote = false;
        Key key = set.metadata().key();
        for (Pod pod : shown.in(Metadata.byOwner(), set.metadata().uid())) {
            if (pod.active() && !set.selector().matches(pod.labels())) {
                owned.release(set.metadata(), pod.metadata().key()).ifPresent(pod2 -> expectations.wrote(key, pod2));
                wrote = true;
            }
        }
        for (Pod pod : shown.in(Pod.ORPHANS, key.namespace())) {
            if (pod.active() && set.selector().matches(pod.labels())) {
                owned.adopt(set.metadata(), pod.metadata().key()).ifPresent(pod2 -> expectations.wrote(key, pod2));
                wrote = true;
            }
        }
        return wrote;
    }

    private Optional<Replicas.Failure> change(ReplicaSet set, List<Pod> active, Snapshot<Pod> shown) {
        Replicas.Difference difference = Replicas.difference(set, active, related(set, shown), world.now());
        try {
            for (int i = 0; i < difference.create(); i++) {
                create(set);
            }
        } catch (StatusException e) {
            if (Controllers.namespaceTerminates(e)) {
                return Optional.empty();
            }
            events.warning(
                    about(set), "FailedCreate", "Error creating: " + e.failure().message());
            return Optional.of(new Replicas.Failure("FailedCreate", e.failure().message()));
        }
        try {
            for (Pod pod : difference.delete()) {
                delete(set, pod);
            }
        } catch (StatusException e) {
            events.warning(
                    about(set), "FailedDelete", "Error deleting: " + e.failure().message());
            return Optional.of(new Replicas.Failure("FailedDelete", e.failure().message()));
        }
        return Optional.empty();
    }

    /** The Pods of all sets that have the same controller. */
    private Collection<Pod> related(ReplicaSet set, Snapshot<Pod> shown) {
        List<Pod> found =
                new ArrayList<>(shown.in(Metadata.byOwner(), set.metadata().uid()));
        set.metadata()
                .controller()
                .ifPresent(controller -> sets.snapshot()
                        .in(Metadata.byOwner(), controller.uid())
                        .forEach(sister -> {
                            if (!sister.metadata().uid().equals(set.metadata().uid())) {
                                found.addAll(shown.in(
                                        Metadata.byOwner(), sister.metadata().uid()));
                            }
                        }));
        return found;
    }

    private void create(ReplicaSet set) {
        Key key = set.metadata().key();
        ObjectNode pod = set.template().json();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = Meta.writable(pod);
        metadata.retain(FROM_TEMPLATE);
        metadata.put("generateName", key.name() + "-").put("namespace", key.namespace());
        Merge.owners(metadata, List.of(owned.reference(set.metadata())));
        ObjectNode made = api.create(PODS, key.namespace(), pod, WriteOptions.by(Controllers.FIELD_MANAGER));
        expectations.wrote(key, made);
        events.normal(about(set), "SuccessfulCreate", "Created pod: " + Meta.name(made));
    }

    private void delete(ReplicaSet set, Pod pod) {
        Key key = pod.metadata().key();
        try {
            api.delete(
                    key.in(PODS), DeleteOptions.DEFAULT.withUid(pod.metadata().uid()));
            events.normal(about(set), "SuccessfulDelete", "Deleted pod: " + key.name());
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
        expectations.deleted(set.metadata().key(), pod.metadata());
    }

    private void report(ReplicaSet set, ReplicaSet.Status wanted) {
        if (wanted.equals(set.status())) {
            return;
        }
        ObjectNode patch = Merge.guarded(set.metadata().uid(), "");
        ObjectNode status = patch.putObject("status");
        status.put("replicas", wanted.replicas()).put("observedGeneration", wanted.observedGeneration());
        Merge.counter(status, "fullyLabeledReplicas", wanted.fullyLabeled());
        Merge.counter(status, "readyReplicas", wanted.ready());
        Merge.counter(status, "availableReplicas", wanted.available());
        if (countsTerminating) {
            Merge.counter(status, "terminatingReplicas", wanted.terminating());
        }
        Merge.conditions(status, wanted.conditions());
        try {
            api.patch(
                    set.metadata().key().in(sets.resource()).withSubresource("status"),
                    new Patch.Merge(patch),
                    WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private EventRecorder.About about(ReplicaSet set) {
        return Controllers.about(sets.resource(), set.metadata(), set.resourceVersion());
    }
}
