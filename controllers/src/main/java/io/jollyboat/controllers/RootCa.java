package io.jollyboat.controllers;

import tools.jackson.databind.node.ObjectNode;

/** The ConfigMap by which Pods know the cluster's authority; its text, "" where it is missing. */
record RootCa(Metadata metadata, String certificate) implements Mirrored {
    static final String NAME = "kube-root-ca.crt";
    static final String FIELD = "ca.crt";

    static RootCa of(ObjectNode object) {
        return new RootCa(Metadata.of(object), object.path("data").path(FIELD).stringValue(""));
    }
}
