package io.jollyboat.server.http.turns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Gives every request its turn: seats of its priority level, shared evenly among those who ask.
 *
 * <p>Source: Kubernetes, "API Priority and Fairness". Where ours differs is told in docs/decisions/0009.
 */
public final class Turns {
    /** How long a request waits for its turn: a quarter of the time that Kubernetes gives a request. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private final FlowTable table = FlowTable.builtIn();
    private final Map<Level, Waiting> levels = new ConcurrentHashMap<>();
    private final Map<Flowing, Counts> counts = new ConcurrentHashMap<>();

    /**
     * @param seats of all levels together
     * @param patience how long a request waits at most
     */
    public Turns(int seats, Duration patience) {
        List<Level> limited =
                table.levels().stream().filter(level -> !level.exempt()).toList();
        int shares = limited.stream().mapToInt(Level::shares).sum();
        for (Level level : limited) {
            Seats own = new Seats(level.seats(seats, shares), level.queue(), level.waiting());
            levels.put(level, new Waiting(own, patience));
        }
    }

    /** Under which names a request counts: there are as many as rows in the table. */
    private record Flowing(String schema, String level) {
        String labels() {
            return "flow_schema=\"%s\",priority_level=\"%s\"".formatted(schema, level);
        }
    }

    private static final class Counts {
        private final LongAdder executing = new LongAdder();
        private final LongAdder waiting = new LongAdder();
        private final LongAdder dispatched = new LongAdder();
        private final Map<Waiting.End, LongAdder> rejected = new ConcurrentHashMap<>();
    }

    /**
     * Waits for a request's turn. Who is given one must close it.
     *
     * @param width how many seats it takes; asked only where that matters
     * @param whenGone is given what is to be done when the client goes away, and passes it on
     * @return empty when too many wait already, when it took too long or the client has gone: the answer is 429
     */
    public Optional<Turn> take(Asked asked, IntSupplier width, Consumer<Runnable> whenGone)
            throws InterruptedException {
        Flow flow = table.flow(asked);
        Counts counted =
                counts.computeIfAbsent(new Flowing(flow.schema(), flow.level().name()), f -> new Counts());
        Waiting level = levels.get(flow.level());
        if (level == null) {
            return Optional.of(begun(counted, Turn.NONE));
        }
        counted.waiting.increment();
        Waiting.Result result;
        try {
            result = level.take(new Ticket(flow.key(), width.getAsInt()), whenGone);
        } finally {
            counted.waiting.decrement();
        }
        if (result.turn().isEmpty()) {
            counted.rejected
                    .computeIfAbsent(result.end(), end -> new LongAdder())
                    .increment();
        }
        return result.turn().map(turn -> begun(counted, turn));
    }

    private static Turn begun(Counts counted, Turn turn) {
        counted.dispatched.increment();
        counted.executing.increment();
        return new Turn() {
            private boolean over; // guarded by this

            @Override
            public synchronized void close() {
                if (!over) {
                    over = true;
                    counted.executing.decrement();
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
        SortedMap<String, Double> rejected = new TreeMap<>();
        counts.forEach((flow, counted) -> counted.rejected.forEach((end, number) ->
                rejected.put(flow.labels() + ",reason=\"" + reason(end) + '"', (double) number.sum())));
        all.add(measure("rejected_requests_total", "counter", "Requests that got none.", rejected));
        all.add(byLevel("current_executing_seats", "Seats that are taken.", Waiting.Occupied::taken));
        all.add(byLevel("nominal_limit_seats", "Seats that there are.", Waiting.Occupied::seats));
        return all;
    }

    private static String reason(Waiting.End end) {
        return end.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Measure byFlow(String name, String type, String help, ToDoubleFunction<Counts> number) {
        return measure(name, type, help, mapped(counts, Flowing::labels, number));
    }

    private Measure byLevel(String name, String help, ToDoubleFunction<Waiting.Occupied> number) {
        return measure(
                name,
                "gauge",
                help,
                mapped(
                        levels,
                        level -> "priority_level=\"" + level.name() + '"',
                        level -> number.applyAsDouble(level.occupied())));
    }

    private static <K, V> SortedMap<String, Double> mapped(
            Map<K, V> from, Function<K, String> labels, ToDoubleFunction<V> number) {
        SortedMap<String, Double> values = new TreeMap<>();
        from.forEach((key, value) -> values.put(labels.apply(key), number.applyAsDouble(value)));
        return values;
    }

    private static Measure measure(String name, String type, String help, SortedMap<String, Double> values) {
        return new Measure("apiserver_flowcontrol_" + name, type, help, values);
    }
}
