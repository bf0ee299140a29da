package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Puts the certificate of the cluster's authority into every Namespace, and back when it was changed. */
final class RootCaPublisher implements Controller {
    private final Api api;
    private final Mirror<Namespace> namespaces;
    private final Mirror<RootCa> published;
    private final String certificate;
    private final Loop<Key> loop;

    /**
     * @param certificate in PEM
     */
    RootCaPublisher(Api api, World world, Mirror<Namespace> namespaces, Mirror<RootCa> published, String certificate) {
        this.api = api;
        this.namespaces = namespaces;
        this.published = published;
        this.certificate = certificate;
        this.loop = new Loop<>(world, "root-ca-certificate-publisher", this::handle);
        namespaces.onChange(change -> loop.add(change.key()));
        published.onChange(change -> loop.add(Key.clusterScoped(change.key().namespace())));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(namespaces, published);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key namespace) {
        boolean active = namespaces
                .snapshot()
                .get(namespace)
                .filter(found -> !found.metadata().deleting())
                .isPresent();
        Key key = new Key(namespace.name(), RootCa.NAME);
        Optional<RootCa> present = published.snapshot().get(key);
        if (!active
                || present.filter(found -> found.certificate().equals(certificate))
                        .isPresent()) {
            return;
        }
        ObjectNode map = Merge.object();
        map.putObject("data").put(RootCa.FIELD, certificate);
        try {
            if (present.isPresent()) {
                api.patch(
                        key.in(published.resource()), new Patch.Merge(map), WriteOptions.by(Controllers.FIELD_MANAGER));
            } else {
                map.put("apiVersion", "v1").put("kind", "ConfigMap");
                map.putObject("metadata")
                        .put("name", RootCa.NAME)
                        .put("namespace", namespace.name())
                        .putObject("annotations")
                        .put(
                                "kubernetes.io/description",
                                "The authority that signs the API server's certificate, for clients inside the cluster.");
                api.create(published.resource(), namespace.name(), map, WriteOptions.by(Controllers.FIELD_MANAGER));
            }
        } catch (StatusException e) {
            if (!e.is(Reason.ALREADY_EXISTS) && !e.is(Reason.NOT_FOUND) && !Controllers.namespaceTerminates(e)) {
                throw e;
            }
        }
    }
}
