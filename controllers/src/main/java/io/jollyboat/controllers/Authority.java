package io.jollyboat.controllers;

import io.jollyboat.api.Resources;
import io.jollyboat.client.Mirror;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** A ConfigMap that shows the certificate of the cluster's authority; its text, "" where it is missing. */
record Authority(Metadata metadata, String certificate) implements Mirrored {
    /** By which Pods know the API server. */
    static final Place SERVER = new Place(
            "",
            "kube-root-ca.crt",
            "ca.crt",
            "The authority that signs the API server's certificate, for clients inside the cluster.");

    /** By which servers beside the API server know its clients; Kubernetes' own libraries for such servers wait for it. */
    static final Place CLIENTS = new Place(
            "kube-system",
            "extension-apiserver-authentication",
            "client-ca-file",
            "The authority that signs the certificates of the API server's clients, for other servers.");

    /**
     * Where the certificate is shown.
     *
     * @param namespace "" is every one
     * @param name the ConfigMap's
     * @param field of its data
     */
    record Place(String namespace, String name, String field, String description) {
        Mirror.Source source() {
            return new Mirror.Source(Resources.kind("v1", "ConfigMap"), namespace, "", "metadata.name=" + name);
        }

        Function<ObjectNode, Authority> projection() {
            return object -> new Authority(
                    Metadata.of(object), object.path("data").path(field).stringValue(""));
        }

        boolean covers(String other) {
            return namespace.isEmpty() || namespace.equals(other);
        }
    }
}
