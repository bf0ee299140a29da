package io.jollyboat.server.http.turns;

import io.jollyboat.server.Fairness;
import io.jollyboat.server.http.turns.Lending.Loan;
import io.jollyboat.server.measures.Histogram;
import io.jollyboat.server.measures.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Gives every request its turn: seats of its priority level, shared evenly among those who ask.
 *
 * <p>Source: Kubernetes, "API Priority and Fairness". Where ours differs is told in docs/decisions/0009.
 */
public final class Turns {
    /** How long a request waits for its turn: a quarter of the time that Kubernetes gives a request. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    /** After which time seats are lent anew. */
    public static final Duration LENDING = Duration.ofSeconds(10);

    private static final double[] STEPS = {0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};

    private final int seats;
    private final Duration patience;
    private final Supplier<Fairness> fairness;
    private final LongSupplier nanos;
    private final Map<Flowing, Counts> counts = new ConcurrentHashMap<>();
    private volatile Arranged now;

    /**
     * @param seats of all levels together
     * @param patience how long a request waits at most
     * @param fairness what the stored objects say now: the same value as long as they say the same
     * @param nanos the monotonic clock
     */
    public Turns(int seats, Duration patience, Supplier<Fairness> fairness, LongSupplier nanos) {
        this.seats = seats;
        this.patience = patience;
        this.fairness = fairness;
        this.nanos = nanos;
        this.now = arranged(fairness.get(), Map.of(), Lending.NONE);
    }

    /** One priority level at work. */
    private record Held(Level level, Limits limits, Waiting waiting) {}

    /**
     * What holds until the objects change or seats are lent anew.
     *
     * @param from what it was made from
     * @param levels by their names
     */
    private record Arranged(Fairness from, FlowTable table, Map<String, Held> levels, Lending lending) {}

    /** Under which names a request counts: there are as many as schemas. */
    private record Flowing(String schema, String level) {
        String labels() {
            return "flow_schema=\"%s\",priority_level=\"%s\"".formatted(schema, level);
        }
    }

    private static final class Counts {
        private final LongAdder executing = new LongAdder();
        private final LongAdder executingSeats = new LongAdder();
        private final LongAdder waiting = new LongAdder();
        private final LongAdder waitingSeats = new LongAdder();
        private final LongAdder dispatched = new LongAdder();
        private final Histogram begun = new Histogram(STEPS);
        private final Histogram refused = new Histogram(STEPS);
        private final Histogram executed = new Histogram(STEPS);
        private final Map<Waiting.End, LongAdder> rejected = new ConcurrentHashMap<>();
    }

    private Arranged now() {
        Arranged present = now;
        return present.from().equals(fairness.get()) ? present : arrange();
    }

    /** Requests that have a seat or wait for one are not touched; those of a level that has gone come to their end. */
    private synchronized Arranged arrange() {
        Fairness wanted = fairness.get();
        if (!now.from().equals(wanted)) {
            now = arranged(wanted, now.levels(), now.lending());
            FlowTable table = now.table();
            counts.keySet().removeIf(flow -> !table.knows(flow.schema(), flow.level()));
        }
        return now;
    }

    private Arranged arranged(Fairness wanted, Map<String, Held> present, Lending lending) {
        FlowTable table = FlowTable.of(wanted);
        int shares = table.levels().stream().mapToInt(Level::shares).sum();
        Map<String, Held> levels = new HashMap<>();
        for (Level level : table.levels()) {
            Limits limits = level.limits(seats, shares);
            Held before = present.get(level.name());
            Waiting waiting = before == null
                    ? new Waiting(new Seats(limits.nominal(), level.queue(), level.waiting()), patience, nanos)
                    : before.waiting();
            levels.put(level.name(), new Held(level, limits, waiting));
        }
        return lent(wanted, table, levels, lending);
    }

    private static Arranged lent(Fairness from, FlowTable table, Map<String, Held> levels, Lending before) {
        Map<String, Lending.Asking> asking = new HashMap<>();
        levels.forEach((name, held) -> asking.put(
                name, new Lending.Asking(held.limits(), held.waiting().seen())));
        Lending lending = before.next(asking);
        levels.forEach((name, held) -> {
            int own = Math.max(1, lending.loan(name).seats());
            Level level = held.level();
            held.waiting().change(level.exempt() ? Seats.NO_LIMIT : own, level.queue(), level.waiting());
        });
        return new Arranged(from, table, Map.copyOf(levels), lending);
    }

    /** Lets priority levels that want few seats lend some to those that want many; to be called each {@link #LENDING}. */
    public synchronized void lend() {
        Arranged present = now();
        now = lent(present.from(), present.table(), present.levels(), present.lending());
    }

    /** Which flow a request belongs to. */
    public Flow flow(Asked asked) {
        return now().table().flow(asked);
    }

    /**
     * Waits for a request's turn. Who is given one must close it.
     *
     * @param width how many seats it takes; asked only where that matters
     * @param whenGone is given what is to be done when the client goes away, and passes it on
     * @return empty when too many wait already, when it took too long or the client has gone: the answer is 429
     */
    public Optional<Turn> take(Flow flow, IntSupplier width, Consumer<Runnable> whenGone) throws InterruptedException {
        Held level = now().levels().get(flow.level());
        Counts counted = counts.computeIfAbsent(new Flowing(flow.schema(), flow.level()), f -> new Counts());
        if (level == null) {
            return Optional.of(begun(counted, 1, Turn.NONE));
        }
        int seats = level.level().exempt()
                ? 1
                : Math.clamp(
                        width.getAsInt(), 1, level.level().widest(level.limits().nominal()));
        counted.waiting.increment();
        counted.waitingSeats.add(seats);
        long start = nanos.getAsLong();
        Waiting.Result result;
        try {
            result = level.waiting().take(new Ticket(flow.key(), seats), whenGone);
        } finally {
            counted.waiting.decrement();
            counted.waitingSeats.add(-seats);
        }
        Duration waited = Duration.ofNanos(nanos.getAsLong() - start);
        if (result.turn().isEmpty()) {
            counted.refused.add(waited);
            counted.rejected
                    .computeIfAbsent(result.end(), end -> new LongAdder())
                    .increment();
        } else {
            counted.begun.add(waited);
        }
        return result.turn().map(turn -> begun(counted, seats, turn));
    }

    private Turn begun(Counts counted, int seats, Turn turn) {
        long start = nanos.getAsLong();
        counted.dispatched.increment();
        counted.executing.increment();
        counted.executingSeats.add(seats);
        return new Turn() {
            private boolean over; // guarded by this

            @Override
            public synchronized void close() {
                if (!over) {
                    over = true;
                    counted.executed.add(Duration.ofNanos(nanos.getAsLong() - start));
                    counted.executing.decrement();
                    counted.executingSeats.add(-seats);
                    turn.close();
                }
            }
        };
    }

    /** What dashboards know: the names that begin with {@code apiserver_flowcontrol_}. */
    public List<Measure> measures() {
        List<Measure> all = new ArrayList<>();
        all.add(byFlow(
                "current_executing_requests", "gauge", "Requests that have their turn.", c -> c.executing.sum()));
        all.add(byFlow(
                "current_inqueue_requests", "gauge", "Requests that wait for their turn.", c -> c.waiting.sum()));
        all.add(byFlow(
                "dispatched_requests_total", "counter", "Requests that got their turn.", c -> c.dispatched.sum()));
        all.add(rejected());
        all.add(waits());
        all.add(executions());
        all.add(byFlow("current_executing_seats", "gauge", "Seats that are taken.", c -> c.executingSeats.sum()));
        all.add(byFlow("request_concurrency_in_use", "gauge", "Seats that are taken.", c -> c.executingSeats.sum()));
        all.add(byFlow("current_inqueue_seats", "gauge", "Seats that are waited for.", c -> c.waitingSeats.sum()));
        Arranged present = now();
        all.add(limits("request_concurrency_limit", "Seats that are the level's own.", present, Limits::nominal));
        all.add(limits("nominal_limit_seats", "Seats that are the level's own.", present, Limits::nominal));
        all.add(limits("lower_limit_seats", "Seats that the level keeps.", present, Limits::least));
        all.add(limits("upper_limit_seats", "Seats that the level may have.", present, Limits::most));
        all.add(loans("current_limit_seats", "Seats that the level has now.", present, Loan::seats));
        all.add(loans(
                "demand_seats_high_watermark",
                "Most seats wanted.",
                present,
                l -> l.seen().most()));
        all.add(loans(
                "demand_seats_average", "Seats wanted.", present, l -> l.seen().average()));
        all.add(loans(
                "demand_seats_stdev",
                "Deviation of that.",
                present,
                l -> l.seen().deviation()));
        all.add(loans("demand_seats_smoothed", "Seats wanted, smoothed.", present, Loan::smoothed));
        all.add(loans("target_seats", "Seats that the level was to get.", present, Loan::target));
        all.add(measure(
                "seat_fair_frac",
                "gauge",
                "Part that each level got of its target.",
                Map.of("", present.lending().part())));
        return all;
    }

    private Measure rejected() {
        Map<String, Double> rejected = new TreeMap<>();
        counts.forEach((flow, counted) -> counted.rejected.forEach((end, number) ->
                rejected.put(flow.labels() + ",reason=\"" + reason(end) + '"', (double) number.sum())));
        return measure("rejected_requests_total", "counter", "Requests that got none.", rejected);
    }

    private Measure waits() {
        Map<String, Histogram> waits = new TreeMap<>();
        counts.forEach((flow, counted) -> {
            waits.put("execute=\"true\"," + flow.labels(), counted.begun);
            waits.put("execute=\"false\"," + flow.labels(), counted.refused);
        });
        return Measure.histograms(
                "apiserver_flowcontrol_request_wait_duration_seconds",
                "How long requests waited for their turn.",
                waits,
                labels -> labels,
                one -> one);
    }

    private Measure executions() {
        return Measure.histograms(
                "apiserver_flowcontrol_request_execution_seconds",
                "How long requests had their turn.",
                counts,
                flow -> flow.labels() + ",type=\"regular\"",
                counted -> counted.executed);
    }

    private static String reason(Waiting.End end) {
        return end.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Measure byFlow(String name, String type, String help, ToDoubleFunction<Counts> number) {
        Map<String, Double> values = new TreeMap<>();
        counts.forEach((flow, counted) -> values.put(flow.labels(), number.applyAsDouble(counted)));
        return measure(name, type, help, values);
    }

    private static Measure limits(String name, String help, Arranged present, ToDoubleFunction<Limits> number) {
        return byLevel(name, help, present.levels(), held -> number.applyAsDouble(held.limits()));
    }

    private static Measure loans(String name, String help, Arranged present, ToDoubleFunction<Loan> number) {
        return byLevel(name, help, present.lending().levels(), number);
    }

    private static <T> Measure byLevel(String name, String help, Map<String, T> levels, ToDoubleFunction<T> number) {
        Map<String, Double> values = new TreeMap<>();
        levels.forEach((level, one) -> values.put("priority_level=\"" + level + '"', number.applyAsDouble(one)));
        return measure(name, "gauge", help, values);
    }

    private static Measure measure(String name, String type, String help, Map<String, Double> values) {
        List<Measure.Sample> samples = values.entrySet().stream()
                .map(value -> new Measure.Sample("", value.getKey(), value.getValue()))
                .toList();
        return new Measure("apiserver_flowcontrol_" + name, type, help, samples);
    }
}
