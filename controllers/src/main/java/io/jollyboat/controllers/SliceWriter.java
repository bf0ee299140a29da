package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Carries a plan for slices out, and remembers what it wrote. Used by one loop only. */
final class SliceWriter {
    private static final Resource SLICES = Resources.kind("discovery.k8s.io/v1", "EndpointSlice");

    private final Api api;
    private final Expectations expectations;

    SliceWriter(Api api, Expectations expectations) {
        this.api = api;
        this.expectations = expectations;
    }

    /**
     * What the slices of one owner are written with.
     *
     * @param trigger when that happened which makes it write
     */
    record Order(OwnerReference owner, Slices.Outline outline, Optional<Instant> trigger) {}

    /**
     * @param key the Service, for which the writes are remembered
     * @throws StatusException as the server refuses, 409 where a slice is no longer as the plan saw it
     */
    void carryOut(Key key, Slices.Plan plan, Order order) {
        for (Slices.Rewrite write : plan.writes()) {
            if (write.present().isPresent()) {
                change(key, write.present().get(), write, order);
            } else {
                create(key, write, order);
            }
        }
        delete(key, plan.deletions());
    }

    void delete(Key key, List<EndpointSlice> slices) {
        for (EndpointSlice slice : slices) {
            Metadata metadata = slice.metadata();
            try {
                api.delete(metadata.key().in(SLICES), DeleteOptions.DEFAULT.withUid(metadata.uid()));
            } catch (StatusException e) {
                if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                    throw e;
                }
            }
            expectations.deleted(key, metadata);
        }
    }

    private void create(Key key, Slices.Rewrite write, Order order) {
        ObjectNode slice = Merge.object();
        slice.put("apiVersion", SLICES.apiVersion()).put("kind", SLICES.kind());
        ObjectNode metadata = slice.putObject("metadata")
                .put("generateName", key.name() + "-")
                .put("namespace", key.namespace());
        put(metadata, "labels", order.outline.labels(), Map.of());
        put(metadata, "annotations", order.outline.annotations(), Map.of());
        trigger(metadata, order);
        Merge.owners(metadata, List.of(order.owner));
        slice.put("addressType", write.group().family());
        content(slice, write);
        try {
            expectations.wrote(
                    key, api.create(SLICES, key.namespace(), slice, WriteOptions.by(Controllers.FIELD_MANAGER)));
        } catch (StatusException e) {
            if (!Controllers.namespaceTerminates(e)) {
                throw e;
            }
        }
    }

    private void change(Key key, EndpointSlice present, Slices.Rewrite write, Order order) {
        ObjectNode patch = Merge.guarded(present.metadata().uid(), present.resourceVersion());
        ObjectNode metadata = (ObjectNode) patch.get("metadata");
        put(metadata, "labels", order.outline.labels(), present.labels());
        put(metadata, "annotations", order.outline.annotations(), present.annotations());
        trigger(metadata, order);
        content(patch, write);
        try {
            expectations.wrote(
                    key,
                    api.patch(
                            present.metadata().key().in(SLICES),
                            new Patch.Merge(patch),
                            WriteOptions.by(Controllers.FIELD_MANAGER)));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                throw StatusException.conflict(
                        present.metadata().key().in(SLICES), "the slice is gone, another takes its place");
            }
            throw e;
        }
    }

    private static void content(ObjectNode slice, Slices.Rewrite write) {
        ArrayNode endpoints = slice.putArray("endpoints");
        write.endpoints().forEach(endpoint -> endpoints.add(endpoint.json()));
        ArrayNode ports = slice.putArray("ports");
        write.group().ports().forEach(port -> ports.add(port.json()));
    }

    private static void trigger(ObjectNode metadata, Order order) {
        order.trigger.ifPresent(
                time -> metadata.withObject("annotations").put(Slices.Outline.TRIGGER_TIME, time.toString()));
    }

    /** The wanted entries, and null for those that are there too much. */
    static void put(ObjectNode metadata, String field, Map<String, String> wanted, Map<String, String> present) {
        ObjectNode node = Merge.object();
        present.keySet().stream().filter(name -> !wanted.containsKey(name)).forEach(node::putNull);
        wanted.forEach(node::put);
        if (!node.isEmpty()) {
            metadata.set(field, node);
        }
    }
}
