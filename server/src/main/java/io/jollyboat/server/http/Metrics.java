package io.jollyboat.server.http;

import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests, and says so in the text format of Prometheus. */
final class Metrics {
    /** Further combinations count as one called {@code other}. */
    private static final int MOST_SERIES = 2000;

    private final World world;
    private final long start;
    private final Map<Labels, Count> counts = new ConcurrentHashMap<>();

    Metrics(World world) {
        this.world = world;
        this.start = world.nanoTime();
    }

    private record Labels(String verb, String resource, int code) {
        String text() {
            return "{verb=\"" + verb + "\",resource=\"" + resource + "\",code=\"" + code + "\"}";
        }
    }

    private static final class Count {
        final LongAdder requests = new LongAdder();
        final LongAdder nanos = new LongAdder();
    }

    /**
     * @param resource plural and subresource, "" for what is none
     */
    void count(String verb, String resource, int code, Duration took) {
        Labels labels = new Labels(verb, resource, code);
        if (!counts.containsKey(labels) && counts.size() >= MOST_SERIES) {
            labels = new Labels("other", "", 0);
        }
        Count count = counts.computeIfAbsent(labels, l -> new Count());
        count.requests.increment();
        count.nanos.add(took.toNanos());
    }

    /**
     * @param running requests that are being answered
     * @param connections that are open
     */
    String text(int running, int connections) {
        StringBuilder out = new StringBuilder();
        Map<String, Count> sorted = new TreeMap<>();
        counts.forEach((labels, count) -> sorted.put(labels.text(), count));
        out.append("# HELP apiserver_request_total Requests answered.\n# TYPE apiserver_request_total counter\n");
        sorted.forEach((labels, count) -> line(out, "apiserver_request_total" + labels, count.requests.sum()));
        out.append("# HELP apiserver_request_duration_seconds_sum Time spent on answers.\n")
                .append("# TYPE apiserver_request_duration_seconds_sum counter\n");
        sorted.forEach((labels, count) ->
                line(out, "apiserver_request_duration_seconds_sum" + labels, count.nanos.sum() / 1e9));
        gauge(out, "apiserver_current_requests", "Requests that are being answered.", running);
        gauge(out, "apiserver_connections", "Connections that are open.", connections);
        Runtime runtime = Runtime.getRuntime();
        gauge(out, "jvm_memory_used_bytes", "Heap in use.", runtime.totalMemory() - runtime.freeMemory());
        gauge(out, "jvm_memory_max_bytes", "The largest heap.", runtime.maxMemory());
        gauge(out, "process_uptime_seconds", "Time since the start.", (world.nanoTime() - start) / 1e9);
        return out.toString();
    }

    private static void gauge(StringBuilder out, String name, String help, double value) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(" gauge\n");
        line(out, name, value);
    }

    private static void line(StringBuilder out, String name, double value) {
        out.append(name).append(' ').append(value).append('\n');
    }
}
