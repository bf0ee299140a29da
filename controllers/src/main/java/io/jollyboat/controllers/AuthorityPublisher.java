package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Puts the certificate of the cluster's authority into its place, and back when it was changed. */
final class AuthorityPublisher {
    private final Api api;
    private final Authority.Place place;
    private final Mirror<Authority> published;
    private final String certificate;

    private AuthorityPublisher(Api api, Authority.Place place, Mirror<Authority> published, String certificate) {
        this.api = api;
        this.place = place;
        this.published = published;
        this.certificate = certificate;
    }

    /** @param certificate in PEM */
    static Controller controller(
            Api api, World world, Mirror<Namespace> namespaces, Authority.Place place, String certificate) {
        Mirror<Authority> published = new Mirror<>(api, world, place.source(), place.projection(), List.of());
        AuthorityPublisher publisher = new AuthorityPublisher(api, place, published, certificate);
        return new EveryNamespace<>(
                world, "publisher of " + place.name(), namespaces, published, place.name(), publisher::publish);
    }

    private void publish(Key key, Optional<Authority> present) {
        if (!place.covers(key.namespace())
                || present.filter(found -> found.certificate().equals(certificate))
                        .isPresent()) {
            return;
        }
        ObjectNode map = Merge.object();
        map.putObject("data").put(place.field(), certificate);
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
                .put("kubernetes.io/description", place.description());
        api.create(published.resource(), key.namespace(), map, options);
    }
}
