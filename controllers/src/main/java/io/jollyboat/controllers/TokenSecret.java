package io.jollyboat.controllers;

import io.jollyboat.client.Index;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Secret that shall hold a token of a service account.
 *
 * @param account its name
 * @param accountUid "" until it is filled
 * @param filled whether all is there that belongs into it
 */
record TokenSecret(Metadata metadata, String resourceVersion, String account, String accountUid, boolean filled)
        implements Mirrored {
    static final String TYPE = "kubernetes.io/service-account-token";
    static final String UID = "kubernetes.io/service-account.uid";
    /** By namespace and account. */
    static final Index<TokenSecret> BY_ACCOUNT =
            new Index<>("account", secret -> List.of(secret.metadata().key().namespace() + "/" + secret.account()));

    static TokenSecret of(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        JsonNode annotations = metadata.path("annotations");
        JsonNode content = object.path("data");
        return new TokenSecret(
                Metadata.of(object),
                metadata.path("resourceVersion").stringValue(""),
                annotations.path("kubernetes.io/service-account.name").stringValue(""),
                annotations.path(UID).stringValue(""),
                Stream.of("token", "ca.crt", "namespace")
                        .noneMatch(field -> content.path(field).stringValue("").isEmpty()));
    }
}
