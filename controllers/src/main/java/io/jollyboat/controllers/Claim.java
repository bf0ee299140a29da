package io.jollyboat.controllers;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.quota.Usage;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What controllers need of a PersistentVolumeClaim. */
record Claim(Metadata metadata, Usage usage) implements Mirrored {
    private static final Resource KIND = Resources.kind("v1", "PersistentVolumeClaim");

    static Claim of(ObjectNode object) {
        return new Claim(Metadata.of(object), Usage.of(KIND, object));
    }

    @Override
    public Optional<Usage> taken() {
        return Optional.of(usage);
    }
}
