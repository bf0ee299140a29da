package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Puts the certificate of the cluster's authority into every Namespace, and back when it was changed. */
final class RootCaPublisher {
    private final Api api;
    private final Mirror<RootCa> published;
    private final String certificate;

    private RootCaPublisher(Api api, Mirror<RootCa> published, String certificate) {
        this.api = api;
        this.published = published;
        this.certificate = certificate;
    }

    /** @param certificate in PEM */
    static Controller controller(
            Api api, World world, Mirror<Namespace> namespaces, Mirror<RootCa> published, String certificate) {
        return new EveryNamespace<>(
                world,
                "root-ca-certificate-publisher",
                namespaces,
                published,
                RootCa.NAME,
                new RootCaPublisher(api, published, certificate)::publish);
    }

    private void publish(Key key, Optional<RootCa> present) {
        if (present.filter(found -> found.certificate().equals(certificate)).isPresent()) {
            return;
        }
        ObjectNode map = Merge.object();
        map.putObject("data").put(RootCa.FIELD, certificate);
        WriteOptions options = WriteOptions.by(Controllers.FIELD_MANAGER);
        if (present.isPresent()) {
            api.patch(key.in(published.resource()), new Patch.Merge(map), options);
            return;
        }
        map.put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata")
                .put("name", key.name())
                .put("namespace", key.namespace())
                .putObject("annotations")
                .put(
                        "kubernetes.io/description",
                        "The authority that signs the API server's certificate, for clients inside the cluster.");
        api.create(published.resource(), key.namespace(), map, options);
    }
}
