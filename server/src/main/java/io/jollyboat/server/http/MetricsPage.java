package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.server.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** The page {@code /metrics}. */
final class MetricsPage {
    private static final ListOptions ONE = new ListOptions("", "", "", "", 1, "");

    private final Metrics metrics;
    private final Backend backend;
    private final IntSupplier connections;

    MetricsPage(Metrics metrics, Backend backend, IntSupplier connections) {
        this.metrics = metrics;
        this.backend = backend;
        this.connections = connections;
    }

    void answer(Call call) throws IOException {
        String text = metrics.text(connections.getAsInt(), objects());
        call.response().header("content-type", "text/plain; version=0.0.4; charset=utf-8");
        call.response().send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many objects of each kind are stored: a page of one tells how many follow it. */
    private Map<String, Long> objects() {
        Api api = backend.as(User.component("system:apiserver"));
        Map<String, Long> objects = new HashMap<>();
        for (Resource resource : backend.resources().all()) {
            if (resource.verbs().contains("list") && !objects.containsKey(resource.qualifiedPlural())) {
                ObjectList page = api.list(resource, "", ONE);
                objects.put(
                        resource.qualifiedPlural(),
                        page.items().size() + page.remaining().orElse(0));
            }
        }
        return objects;
    }
}
