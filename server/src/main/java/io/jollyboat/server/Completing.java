package io.jollyboat.server;

import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/** Gives an object the form that it has in Kubernetes, where Go writes some of what is empty. */
record Completing(Schema schema, BiConsumer<ObjectNode, Type.Struct> form) implements Step {
    @Override
    public void take(Write write) {
        schema.type(write.resource()).ifPresent(type -> form.accept(write.after(), type));
    }
}
