package io.jollyboat.server;

import io.jollyboat.api.Target;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/** What the server itself does after an object is gone. */
final class Aftermath {
    private final List<BiConsumer<Target, ObjectNode>> listeners;

    Aftermath(List<BiConsumer<Target, ObjectNode>> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Called once for each object that was removed from the store by this server. */
    void deleted(Target target, ObjectNode object) {
        listeners.forEach(listener -> listener.accept(target, object));
    }
}
