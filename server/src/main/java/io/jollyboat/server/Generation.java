package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Trees;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/** Counts the changes of what users want, so that controllers can say which count they have seen. */
final class Generation implements Step {
    private static final Set<String> NOT_COUNTED = Set.of("apiVersion", "kind", "metadata", "status");

    @Override
    public void take(Write write) {
        boolean counts = Traits.has(write.resource(), Trait.GENERATION);
        if (write.before().isEmpty()) {
            if (counts || Traits.has(write.resource(), Trait.GENERATION_ONCE)) {
                Meta.writable(write.after()).put("generation", 1);
            }
        } else if ((counts || Traits.has(write.resource(), Trait.GENERATION_LATER))
                && !write.target().subresource().equals("binding")
                && changed(write, write.before().get())) {
            Meta.writable(write.after())
                    .put("generation", Meta.generation(write.before().get()) + 1);
        }
    }

    private static boolean changed(Write write, ObjectNode before) {
        if (Traits.has(write.resource(), Trait.LABELS_COUNT)
                && !Trees.equal(Meta.labelsNode(before), Meta.labelsNode(write.after()))) {
            return true;
        }
        Set<String> fields = new TreeSet<>(before.propertyNames());
        fields.addAll(write.after().propertyNames());
        fields.removeAll(NOT_COUNTED);
        return fields.stream()
                .anyMatch(
                        field -> !Trees.equal(before.path(field), write.after().path(field)));
    }
}
