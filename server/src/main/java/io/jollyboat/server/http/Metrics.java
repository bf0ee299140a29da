package io.jollyboat.server.http;

import io.jollyboat.server.http.turns.Measure;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts requests, and says so in the text format of Prometheus, under the names that dashboards of Kubernetes know.
 *
 * <p>Source: Kubernetes metrics reference, the names that begin with {@code apiserver_}.
 */
final class Metrics {
    /** Further combinations count as one called {@code other}. */
    private static final int MOST_SERIES = 2000;

    private static final Counted OTHER = new Counted("other", "", "", "", "", "");

    private final World world;
    private final double start;
    private final Map<Answered, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<Counted, Times> times = new ConcurrentHashMap<>();
    private final LongAdder reading = new LongAdder();
    private final LongAdder writing = new LongAdder();
    private final Map<Counted, LongAdder> lasting = new ConcurrentHashMap<>();

    Metrics(World world) {
        this.world = world;
        this.start = world.now().toEpochMilli() / 1_000.0;
    }

    private record Answered(Counted request, int code) {}

    /** How long requests took, by steps as dashboards expect them. */
    private static final class Times {
        static final double[] STEPS = {
            0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
        };

        private final LongAdder[] counts = new LongAdder[STEPS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Times() {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new LongAdder();
            }
        }

        void add(Duration took) {
            double seconds = took.toNanos() / 1e9;
            int step = 0;
            while (step < STEPS.length && seconds > STEPS[step]) {
                step++;
            }
            counts[step].increment();
            nanos.add(took.toNanos());
        }

        void write(Samples out, String name, String labels) {
            long sum = 0;
            for (int i = 0; i < counts.length; i++) {
                sum += counts[i].sum();
                String upTo = i < STEPS.length ? Samples.number(STEPS[i]) : "+Inf";
                out.sample(name + "_bucket", labels + ",le=\"" + upTo + "\"", sum);
            }
            out.sample(name + "_sum", labels, nanos.sum() / 1e9);
            out.sample(name + "_count", labels, sum);
        }
    }

    /** A request begins that is answered at once, as far as the server can. */
    void begin(Counted request) {
        (request.reads() ? reading : writing).increment();
    }

    void end(Counted request) {
        (request.reads() ? reading : writing).decrement();
    }

    /** A watch or another stream begins. */
    void beginLasting(Counted request) {
        lasting.computeIfAbsent(known(lasting, request), r -> new LongAdder()).increment();
    }

    void endLasting(Counted request) {
        lasting.computeIfAbsent(known(lasting, request), r -> new LongAdder()).decrement();
    }

    void count(Counted request, int code, Duration took) {
        Counted known = known(times, request);
        answers.computeIfAbsent(new Answered(known, code), a -> new LongAdder()).increment();
        times.computeIfAbsent(known, r -> new Times()).add(took);
    }

    private static Counted known(Map<Counted, ?> series, Counted request) {
        return series.size() < MOST_SERIES || series.containsKey(request) ? request : OTHER;
    }

    /**
     * All of it.
     *
     * @param connections that are open
     * @param objects how many of each kind are stored, by plural and group
     * @param more what others count
     */
    String text(int connections, Map<String, Long> objects, List<Measure> more) {
        Samples out = new Samples();
        out.family("apiserver_request_total", "counter", "Requests answered.");
        sorted(answers, a -> "code=\"" + a.code() + "\"," + a.request().labels())
                .forEach((labels, count) -> out.sample("apiserver_request_total", labels, count.sum()));
        out.family("apiserver_request_duration_seconds", "histogram", "How long requests took.");
        sorted(times, Counted::labels)
                .forEach((labels, one) -> one.write(out, "apiserver_request_duration_seconds", labels));
        out.family("apiserver_current_inflight_requests", "gauge", "Requests that are being answered.");
        out.sample("apiserver_current_inflight_requests", "request_kind=\"mutating\"", writing.sum());
        out.sample("apiserver_current_inflight_requests", "request_kind=\"readOnly\"", reading.sum());
        out.family("apiserver_longrunning_requests", "gauge", "Watches and other streams that are open.");
        sorted(lasting, Counted::labels)
                .forEach((labels, count) -> out.sample("apiserver_longrunning_requests", labels, count.sum()));
        out.family("apiserver_storage_objects", "gauge", "Objects stored.");
        new TreeMap<>(objects)
                .forEach((kind, count) -> out.sample("apiserver_storage_objects", "resource=\"" + kind + "\"", count));
        for (Measure measure : more) {
            out.family(measure.name(), measure.type(), measure.help());
            measure.samples().forEach(one -> out.sample(measure.name() + one.suffix(), one.labels(), one.value()));
        }
        process(out, connections);
        return out.text();
    }

    private void process(Samples out, int connections) {
        out.gauge("apiserver_connections", "Connections that are open.", connections);
        Runtime runtime = Runtime.getRuntime();
        out.gauge("jvm_memory_used_bytes", "Heap in use.", runtime.totalMemory() - runtime.freeMemory());
        out.gauge("jvm_memory_max_bytes", "The largest heap.", runtime.maxMemory());
        out.gauge("process_start_time_seconds", "When the server started, since 1970.", start);
        out.gauge("process_uptime_seconds", "Time since the start.", world.now().toEpochMilli() / 1_000.0 - start);
        ProcessHandle.current().info().totalCpuDuration().ifPresent(used -> {
            out.family("process_cpu_seconds_total", "counter", "Processor time used.");
            out.sample("process_cpu_seconds_total", "", used.toMillis() / 1_000.0);
        });
    }

    /** By their labels, so that the text is the same for the same numbers. */
    private static <K, V> Map<String, V> sorted(Map<K, V> series, java.util.function.Function<K, String> labels) {
        Map<String, V> sorted = new TreeMap<>();
        series.forEach((key, value) -> sorted.put(labels.apply(key), value));
        return sorted;
    }

    /** Lines in the text format, version 0.0.4. */
    private static final class Samples {
        private final StringBuilder text = new StringBuilder();

        void family(String name, String type, String help) {
            text.append("# HELP ").append(name).append(' ').append(help).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        }

        void gauge(String name, String help, double value) {
            family(name, "gauge", help);
            sample(name, "", value);
        }

        void sample(String name, String labels, double value) {
            text.append(name);
            if (!labels.isEmpty()) {
                text.append('{').append(labels).append('}');
            }
            text.append(' ').append(number(value)).append('\n');
        }

        static String number(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? Long.toString((long) value)
                    : String.format(Locale.ROOT, "%s", value);
        }

        String text() {
            return text.toString();
        }
    }
}
