package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** With a Service its Endpoints go. Its slices have it as their owner and go with the garbage. */
final class ServiceEnd {
    private static final Resource ENDPOINTS = Resources.kind("v1", "Endpoints");
    private static final int ATTEMPTS = 32;

    private final Storage storage;

    ServiceEnd(Storage storage) {
        this.storage = storage;
    }

    void deleted(Target target, ObjectNode object) {
        if (!target.resource().qualifiedPlural().equals(ServiceShape.KIND)) {
            return;
        }
        Target endpoints = Target.of(ENDPOINTS, target.namespace(), target.name());
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Storage.Found> found = storage.get(endpoints);
            if (found.isEmpty()
                    || storage.delete(endpoints, found.get().revision()).isPresent()) {
                return;
            }
        }
    }
}
