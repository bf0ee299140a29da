package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.server.http.turns.Turns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** The page {@code /metrics}. */
final class MetricsPage {
    private final Metrics metrics;
    private final Turns turns;
    private final Backend backend;
    private final IntSupplier connections;

    MetricsPage(Metrics metrics, Turns turns, Backend backend, IntSupplier connections) {
        this.metrics = metrics;
        this.turns = turns;
        this.backend = backend;
        this.connections = connections;
    }

    void answer(Call call) throws IOException {
        String text = metrics.text(connections.getAsInt(), objects(), turns.measures());
        call.response().header("content-type", "text/plain; version=0.0.4; charset=utf-8");
        call.response().send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many objects of each kind are stored. */
    private Map<String, Long> objects() {
        Map<String, Long> objects = new HashMap<>();
        for (Resource resource : backend.resources().all()) {
            if (resource.verbs().contains("list") && !objects.containsKey(resource.qualifiedPlural())) {
                objects.put(resource.qualifiedPlural(), Width.count(backend, resource, ""));
            }
        }
        return objects;
    }
}
