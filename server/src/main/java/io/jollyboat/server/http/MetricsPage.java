package io.jollyboat.server.http;

import io.jollyboat.api.GoText;
import io.jollyboat.api.Resource;
import io.jollyboat.server.measures.Measure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The page {@code /metrics}: the text format of Prometheus, version 0.0.4. */
final class MetricsPage {
    private static final double WHOLE = 1e15;

    private final Backend backend;
    private final List<Supplier<List<Measure>>> sources;

    /** @param sources whose numbers stand on the page beside those of what is stored */
    MetricsPage(Backend backend, List<Supplier<List<Measure>>> sources) {
        this.backend = backend;
        this.sources = List.copyOf(sources);
    }

    void answer(Call call) throws IOException {
        StringBuilder text = new StringBuilder();
        sources.forEach(source -> source.get().forEach(measure -> write(measure, text)));
        stored().forEach(measure -> write(measure, text));
        call.response().header("content-type", "text/plain; version=0.0.4; charset=utf-8");
        call.response().send(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** How many objects of each kind are stored, under the name that was and the one that is. */
    private List<Measure> stored() {
        Map<Resource, Long> objects = new HashMap<>();
        Map<String, Long> named = new HashMap<>();
        for (Resource resource : backend.resources().all()) {
            if (resource.verbs().contains("list") && !named.containsKey(resource.qualifiedPlural())) {
                long count = Width.count(backend, resource, "");
                named.put(resource.qualifiedPlural(), count);
                objects.put(resource, count);
            }
        }
        return List.of(
                Measure.gauges(
                        "apiserver_storage_objects",
                        "Objects stored.",
                        named,
                        resource -> "resource=\"" + resource + "\"",
                        count -> count),
                Measure.gauges(
                        "apiserver_resource_objects",
                        "Objects stored.",
                        objects,
                        resource -> "group=\"%s\",resource=\"%s\"".formatted(resource.group(), resource.plural()),
                        count -> count));
    }

    private static void write(Measure measure, StringBuilder text) {
        if (measure.samples().isEmpty()) {
            return;
        }
        text.append("# HELP ").append(measure.name()).append(' ').append(measure.help());
        text.append("\n# TYPE ").append(measure.name()).append(' ').append(measure.type());
        text.append('\n');
        for (Measure.Sample sample : measure.samples()) {
            text.append(measure.name()).append(sample.suffix());
            if (!sample.labels().isEmpty()) {
                text.append('{').append(sample.labels()).append('}');
            }
            text.append(' ').append(number(sample.value())).append('\n');
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < WHOLE ? Long.toString((long) value) : GoText.real(value);
    }
}
