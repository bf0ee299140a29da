package io.jollyboat.server;

import io.jollyboat.api.kinds.Defaults;
import java.util.List;

/**
 * What happens to every object between the request and the store, in this order. Before it comes {@link Access}
 * (may this user do that?), after it the write itself ({@link Creation}, {@link Updating}), which is repeated from
 * here when another write came first.
 */
final class Steps {
    private final List<Step> order;

    Steps(Fields fields, Identity identity, NamespaceLifecycle namespaces) {
        order = List.of(
                // what nobody knows
                fields,
                // what the server alone says
                identity,
                new Division(),
                // what nobody said
                Steps::setDefaults,
                // admission: what this cluster adds or refuses
                namespaces,
                new Generation());
    }

    void run(Write write) {
        order.forEach(step -> step.take(write));
    }

    private static void setDefaults(Write write) {
        if (write.creates()) {
            Defaults.applyAtCreation(write.resource(), write.after());
        } else {
            Defaults.apply(write.resource(), write.after());
        }
    }
}
