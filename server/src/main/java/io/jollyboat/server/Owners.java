package io.jollyboat.server;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import tools.jackson.databind.node.ObjectNode;

/** The place of managedFields and server-side apply in the order of steps; nothing is recorded yet. */
final class Owners implements Step {
    @Override
    public void take(Write write) {}

    ObjectNode apply(ObjectNode live, ObjectNode intent, Target target, WriteOptions options) {
        throw StatusException.of(Reason.UNSUPPORTED_MEDIA_TYPE, "server-side apply is not offered yet");
    }
}
