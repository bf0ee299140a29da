package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.server.measures.Histogram;
import io.jollyboat.server.measures.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts requests under the names that dashboards of Kubernetes know: {@code docs/metrics.md} has them all.
 *
 * <p>Source: Kubernetes metrics reference, the names that begin with {@code apiserver_}.
 */
final class Metrics {
    /** Further combinations count as one called {@code other}. */
    private static final int MOST_SERIES = 2000;

    private static final Counted OTHER = new Counted("other", "", "", "", "", "", "");
    private static final double[] DURATIONS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };
    private static final double[] SLI_DURATIONS = {
        0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };
    private static final double[] ANSWERS = Histogram.growing(1000, 10, 7);
    private static final double[] EVENTS = Histogram.growing(1024, 2, 8);
    private static final double[] BODIES = bodies();
    private static final int MANY = 429;
    private static final int LATE = 504;

    private final Map<Answered, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<Answered, LongAdder> terminated = new ConcurrentHashMap<>();
    private final Map<Counted, Histogram> times = new ConcurrentHashMap<>();
    private final Map<Counted, Histogram> plainTimes = new ConcurrentHashMap<>();
    private final Map<Counted, Histogram> sizes = new ConcurrentHashMap<>();
    private final Map<Sent, Histogram> bodies = new ConcurrentHashMap<>();
    private final Map<Counted, LongAdder> lasting = new ConcurrentHashMap<>();
    private final Map<Resource, Histogram> events = new ConcurrentHashMap<>();
    private final Set<Counted> deprecated = ConcurrentHashMap.newKeySet();
    private final LongAdder reading = new LongAdder();
    private final LongAdder writing = new LongAdder();

    private record Answered(Counted request, int code) {
        String labels() {
            return "code=\"" + code + "\"," + request.labels(true);
        }
    }

    /** What bodies count under. */
    private record Sent(String group, String resource, String verb) {
        String labels() {
            return "group=\"%s\",resource=\"%s\",verb=\"%s\"".formatted(group, resource, verb);
        }
    }

    private static double[] bodies() {
        double[] steps = new double[31];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = 50_000 + 100_000.0 * i;
        }
        return steps;
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

    /**
     * A request has been answered.
     *
     * @param sent how many bytes the answer's body had
     */
    void count(Counted request, int code, Duration took, long sent) {
        Counted known = known(times, request);
        answers.computeIfAbsent(new Answered(known, code), a -> new LongAdder()).increment();
        times.computeIfAbsent(known, r -> new Histogram(DURATIONS)).add(took);
        Counted plain = known.withoutDryRun();
        if (!plain.lasts()) {
            plainTimes.computeIfAbsent(plain, r -> new Histogram(SLI_DURATIONS)).add(took);
        }
        if (plain.verb().equals("GET") || plain.verb().equals("LIST")) {
            sizes.computeIfAbsent(plain, r -> new Histogram(ANSWERS)).add(sent);
        }
        if (code == MANY || code == LATE) {
            terminated
                    .computeIfAbsent(new Answered(plain, code), a -> new LongAdder())
                    .increment();
        }
    }

    /** How long a request's body is. */
    void body(Counted request, String verb, long bytes) {
        if (bodies.size() < MOST_SERIES) {
            bodies.computeIfAbsent(new Sent(request.group(), request.resource(), verb), s -> new Histogram(BODIES))
                    .add(bytes);
        }
    }

    /** A watcher was sent an event. */
    void event(Resource resource, int bytes) {
        events.computeIfAbsent(resource, r -> new Histogram(EVENTS)).add(bytes);
    }

    /** Somebody asked for what users should leave behind. */
    void deprecated(Counted request) {
        if (deprecated.size() < MOST_SERIES) {
            deprecated.add(new Counted("", request.group(), request.version(), request.resource(), "", "", ""));
        }
    }

    private static Counted known(Map<Counted, ?> series, Counted request) {
        return series.size() < MOST_SERIES || series.containsKey(request) ? request : OTHER;
    }

    List<Measure> measures() {
        List<Measure> all = new ArrayList<>();
        all.add(Measure.counters(
                "apiserver_request_total", "Requests answered.", answers, Answered::labels, LongAdder::sum));
        all.add(Measure.histograms(
                "apiserver_request_duration_seconds",
                "How long requests took.",
                times,
                one -> one.labels(true),
                one -> one));
        all.add(Measure.histograms(
                "apiserver_request_sli_duration_seconds",
                "How long requests took that do not last.",
                plainTimes,
                one -> one.labels(false),
                one -> one));
        all.add(Measure.histograms(
                "apiserver_response_sizes", "Bytes of what was read.", sizes, one -> one.labels(false), one -> one));
        all.add(Measure.histograms(
                "apiserver_request_body_size_bytes", "Bytes of what was sent.", bodies, Sent::labels, one -> one));
        all.add(Measure.counters(
                "apiserver_request_terminations_total",
                "Requests that the server gave up.",
                terminated,
                one -> "code=\"" + one.code() + "\"," + one.request().labels(false),
                LongAdder::sum));
        all.add(Measure.gauges(
                "apiserver_current_inflight_requests",
                "Requests that are being answered.",
                Map.of("mutating", writing, "readOnly", reading),
                kind -> "request_kind=\"" + kind + "\"",
                LongAdder::sum));
        all.add(Measure.gauges(
                "apiserver_longrunning_requests",
                "Watches and other streams that are open.",
                lasting,
                one -> one.labels(false),
                LongAdder::sum));
        all.add(Measure.counters(
                "apiserver_watch_events_total",
                "Events that watchers were sent.",
                events,
                Metrics::kind,
                Histogram::count));
        all.add(Measure.histograms(
                "apiserver_watch_events_sizes", "Bytes of those.", events, Metrics::kind, one -> one));
        Map<Counted, Integer> ones = new ConcurrentHashMap<>();
        deprecated.forEach(one -> ones.put(one, 1));
        all.add(Measure.gauges(
                "apiserver_requested_deprecated_apis",
                "Deprecated kinds that somebody asked for.",
                ones,
                one -> "group=\"%s\",removed_release=\"\",resource=\"%s\",subresource=\"\",version=\"%s\""
                        .formatted(one.group(), one.resource(), one.version()),
                one -> one));
        return all;
    }

    private static String kind(Resource resource) {
        return "group=\"%s\",resource=\"%s\",version=\"%s\""
                .formatted(resource.group(), resource.plural(), resource.version());
    }
}
