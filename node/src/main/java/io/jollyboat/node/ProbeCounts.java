package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How probes went since their Pods began, for the page {@code metrics/probes}. */
final class ProbeCounts {
    private final Map<Counted, LongAdder> counts = new ConcurrentHashMap<>();

    private record Counted(String uid, String labels) {}

    /** @param kind {@code startup}, {@code readiness} or {@code liveness} */
    void count(Pod pod, Container container, String kind, boolean success) {
        String type = kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
        String labels = "{container=\"%s\",namespace=\"%s\",pod=\"%s\",pod_uid=\"%s\",probe_type=\"%s\",result=\"%s\"}"
                .formatted(
                        container.name(),
                        pod.namespace(),
                        pod.name(),
                        pod.uid(),
                        type,
                        success ? "successful" : "failed");
        counts.computeIfAbsent(new Counted(pod.uid(), labels), one -> new LongAdder())
                .increment();
    }

    /** The Pod's probes have ended. */
    void forget(Pod pod) {
        counts.keySet().removeIf(one -> one.uid().equals(pod.uid()));
    }

    String text() {
        Metric total = new Metric("prober_probe_total", "counter", "How often probes succeeded and failed");
        counts.entrySet().stream()
                .sorted(Comparator.comparing(one -> one.getKey().labels()))
                .forEach(one -> total.add(one.getKey().labels(), one.getValue().sum()));
        return total.text();
    }
}
