package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the Endpoints object of each Service that selects Pods, for those who do not read slices yet. */
final class EndpointsController implements Controller {
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
    private static final String TRUNCATED = "truncated";
    /** How long to wait for a mirror that lags behind, before looking again unasked. */
    private static final Duration LAG = Duration.ofSeconds(1);

    private final Api api;
    private final Mirror<Service> services;
    private final Mirror<Pod> pods;
    private final Mirror<Endpoints> endpoints;
    private final Loop<Key> loop;
    private final Expectations expectations = new Expectations();

    EndpointsController(Api api, World world, Mirror<Service> services, Mirror<Pod> pods, Mirror<Endpoints> endpoints) {
        this.api = api;
        this.services = services;
        this.pods = pods;
        this.endpoints = endpoints;
        this.loop = new Loop<>(world, "endpoint-controller", this::handle);
        services.onChange(change -> loop.add(change.key()));
        pods.onChange(change -> Service.concerned(services.snapshot(), change).forEach(loop::add));
        endpoints.onChange(change -> loop.add(change.key()));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(services, pods, endpoints);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key key) {
        Snapshot<Endpoints> shown = endpoints.snapshot();
        if (!expectations.settled(key, shown)) {
            loop.addAfter(key, LAG);
            return;
        }
        Optional<Service> service = services.snapshot().get(key);
        Optional<Endpoints> present = shown.get(key);
        if (service.isEmpty()) {
            present.filter(left -> ServiceSubsets.MANAGER.equals(left.labels().get(ServiceSubsets.MANAGED_BY)))
                    .ifPresent(this::delete);
        } else if (service.get().selects()) {
            keep(key, service.get(), present);
        }
    }

    private void keep(Key key, Service service, Optional<Endpoints> present) {
        List<Pod> selected = service.selected(pods.snapshot());
        List<Endpoints.Subset> all = ServiceSubsets.of(service, selected);
        List<Endpoints.Subset> subsets = ServiceSubsets.limited(all);
        Map<String, String> labels = ServiceSubsets.labels(service);
        boolean truncated = ServiceSubsets.overCapacity(all);
        if (present.isPresent()
                && present.get().subsets().equals(subsets)
                && present.get().labels().equals(labels)
                && TRUNCATED.equals(present.get().annotations().get(OVER_CAPACITY)) == truncated) {
            return;
        }
        ObjectNode content = present.map(old -> Merge.guarded(old.metadata().uid(), old.resourceVersion()))
                .orElseGet(() -> named(key));
        ObjectNode metadata = (ObjectNode) content.get("metadata");
        SliceWriter.put(
                metadata, "labels", labels, present.map(Endpoints::labels).orElse(Map.of()));
        ObjectNode annotations = metadata.putObject("annotations");
        annotations.put(
                Slices.Outline.TRIGGER_TIME,
                ServiceEndpoints.trigger(service, selected).toString());
        if (truncated) {
            annotations.put(OVER_CAPACITY, TRUNCATED);
        } else if (present.isPresent()) {
            annotations.putNull(OVER_CAPACITY);
        }
        if (present.isPresent() || !subsets.isEmpty()) {
            Endpoints.put(content, subsets);
        }
        write(key, content, present.isPresent());
    }

    private ObjectNode named(Key key) {
        ObjectNode object = Merge.object();
        object.put("apiVersion", endpoints.resource().apiVersion())
                .put("kind", endpoints.resource().kind());
        object.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
        return object;
    }

    /** Whoever makes, changes or deletes the object at the same time is seen, and brings the key back. */
    private void write(Key key, ObjectNode content, boolean present) {
        WriteOptions options = WriteOptions.by(Controllers.FIELD_MANAGER);
        try {
            ObjectNode answer = present
                    ? api.patch(key.in(endpoints.resource()), new Patch.Merge(content), options)
                    : api.create(endpoints.resource(), key.namespace(), content, options);
            expectations.wrote(key, answer);
        } catch (StatusException e) {
            if (!e.is(Reason.ALREADY_EXISTS) && !e.is(Reason.NOT_FOUND) && !Controllers.namespaceTerminates(e)) {
                throw e;
            }
        }
    }

    /** The server deletes Endpoints with their Service; these came after it. */
    private void delete(Endpoints left) {
        try {
            api.delete(
                    left.metadata().key().in(endpoints.resource()),
                    DeleteOptions.DEFAULT.withUid(left.metadata().uid()));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }
}
