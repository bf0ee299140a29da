package io.jollyboat.server.http.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.server.Fairness;
import io.jollyboat.server.User;
import io.jollyboat.server.measures.Measure;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Threads that wait for their turn: they get it, give up, or are refused, and leave nothing behind. */
class TurnsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String GLOBAL = "flow_schema=\"global-default\",priority_level=\"global-default\"";
    private static final Consumer<Runnable> STAYS = action -> {};

    private static Asked asked(String user) {
        return Asked.of(new User(user, "", Set.of("system:authenticated"), Map.of()), "list", "", "pods", "default");
    }

    private static Turns turns(int seats, Duration patience) {
        return new Turns(seats, patience, Fairness::usual, System::nanoTime);
    }

    private static Asked administrator() {
        return Asked.of(User.component("admin"), "list", "", "pods", "default");
    }

    private static Optional<Turn> take(Turns turns, Asked asked) {
        return take(turns, asked, STAYS);
    }

    private static Optional<Turn> take(Turns turns, Asked asked, Consumer<Runnable> whenGone) {
        try {
            return turns.take(turns.flow(asked), () -> 1, whenGone);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static double measured(Turns turns, String name, String labels) {
        return turns.measures().stream()
                .filter(measure -> measure.name().equals("apiserver_flowcontrol_" + name))
                .findFirst()
                .orElseThrow()
                .samples()
                .stream()
                .filter(sample -> sample.suffix().isEmpty() && sample.labels().equals(labels))
                .mapToDouble(Measure.Sample::value)
                .sum();
    }

    @Test
    void whoWaitsGetsTheSeatThatIsGivenBack() throws InterruptedException {
        Turns turns = turns(7, LONG); // one for each level
        Turn first = take(turns, asked("a")).orElseThrow();
        BlockingQueue<Optional<Turn>> second = new ArrayBlockingQueue<>(1);
        Task waiting = World.system().start("b", () -> second.add(take(turns, asked("b"))));
        first.close();
        Optional<Turn> turn = second.poll(1, TimeUnit.MINUTES);
        assertThat(turn).isPresent();
        first.close(); // again: it must not give back what is now another's
        assertThat(measured(turns, "current_executing_seats", GLOBAL)).isOne();
        turn.orElseThrow().close();
        assertThat(measured(turns, "current_executing_seats", GLOBAL)).isZero();
        assertThat(waiting.join(Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void whoWaitsTooLongIsRefusedAndLeavesNothing() {
        Turns turns = turns(7, Duration.ofMillis(1));
        Turn first = take(turns, asked("a")).orElseThrow();
        assertThat(take(turns, asked("b"))).isEmpty();
        String flow = "flow_schema=\"global-default\",priority_level=\"global-default\"";
        assertThat(measured(turns, "rejected_requests_total", flow + ",reason=\"time-out\""))
                .isOne();
        assertThat(measured(turns, "current_inqueue_requests", flow)).isZero();
        first.close();
        assertThat(take(turns, asked("b"))).isPresent();
    }

    @Test
    void aClientThatGoesAwayWaitsNoLonger() {
        Turns turns = turns(7, LONG);
        Turn first = take(turns, asked("a")).orElseThrow();
        assertThat(take(turns, asked("b"), Runnable::run)).isEmpty();
        first.close();
        assertThat(take(turns, asked("c"))).isPresent();
        assertThat(measured(
                        turns,
                        "rejected_requests_total",
                        "flow_schema=\"global-default\",priority_level=\"global-default\",reason=\"cancelled\""))
                .isOne();
    }

    @Test
    void aFullLevelConcernsNoOther() {
        Turns turns = turns(7, Duration.ofMillis(1));
        assertThat(take(turns, asked("a"))).isPresent();
        assertThat(take(turns, asked("b"))).isEmpty();
        User account = new User(
                "system:serviceaccount:x:y", "", Set.of("system:serviceaccounts", "system:authenticated"), Map.of());
        assertThat(take(turns, Asked.of(account, "list", "", "pods", "x"))).isPresent();
        for (int i = 0; i < 1_000; i++) {
            assertThat(take(turns, administrator())).isPresent();
        }
        assertThat(measured(turns, "current_executing_requests", "flow_schema=\"exempt\",priority_level=\"exempt\""))
                .isEqualTo(1_000);
    }

    @Test
    void oneThatIsCancelledLeavesNothing() throws InterruptedException {
        Turns turns = turns(7, LONG);
        Turn first = take(turns, asked("a")).orElseThrow();
        BlockingQueue<String> ended = new ArrayBlockingQueue<>(1);
        Task waiting = World.system().start("b", () -> {
            try {
                turns.take(turns.flow(asked("b")), () -> 1, STAYS).ifPresent(Turn::close);
                ended.add("seated");
            } catch (InterruptedException e) {
                ended.add("cancelled");
            }
        });
        waiting.cancel();
        assertThat(ended.poll(1, TimeUnit.MINUTES)).isEqualTo("cancelled");
        first.close();
        assertThat(take(turns, asked("c"))).isPresent();
        assertThat(measured(turns, "current_executing_seats", GLOBAL)).isOne();
    }

    private static ObjectNode level(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }

    /** The usual objects, with another in the place of one. */
    private static Fairness with(ObjectNode level) {
        List<ObjectNode> levels = new ArrayList<>(Fairness.usual().levels());
        levels.removeIf(one -> Meta.name(one).equals(Meta.name(level)));
        levels.add(level);
        return new Fairness(levels, Fairness.usual().schemas());
    }

    /** A level that borrows nothing and refuses whom it has no seat for. */
    private static Fairness own(int shares) {
        return with(level("""
                {"metadata": {"name": "global-default"},
                 "spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": %d, "borrowingLimitPercent": 0,
                    "limitResponse": {"type": "Reject"}}}}
                """.formatted(shares)));
    }

    @Test
    void whatTheObjectsSayHoldsAtOnceAndWhoHasASeatKeepsIt() {
        AtomicReference<Fairness> said = new AtomicReference<>(own(20));
        Turns turns = new Turns(7, Duration.ofMillis(1), said::get, System::nanoTime);
        Turn first = take(turns, asked("a")).orElseThrow();
        assertThat(take(turns, asked("b"))).isEmpty();
        said.set(own(100_000));
        String seats = "priority_level=\"global-default\"";
        assertThat(measured(turns, "nominal_limit_seats", seats)).isEqualTo(7);
        List<Turn> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            taken.add(take(turns, asked("b")).orElseThrow());
        }
        assertThat(take(turns, asked("c"))).isEmpty();
        assertThat(
                        measured(
                                turns,
                                "rejected_requests_total",
                                "flow_schema=\"global-default\",priority_level=\"global-default\",reason=\"concurrency-limit\""))
                .isEqualTo(2);
        said.set(own(20));
        assertThat(measured(turns, "current_executing_seats", GLOBAL)).isEqualTo(7);
        taken.forEach(Turn::close);
        assertThat(take(turns, asked("c"))).as("the first has the only seat").isEmpty();
        first.close();
        assertThat(take(turns, asked("c"))).isPresent();
    }

    /** Two levels with half of ten seats each; the one lends all but one of them. */
    private static final Fairness LENDING =
            new Fairness(List.of(level("""
                    {"metadata": {"name": "global-default"}, "spec": {"type": "Limited", "limited": {
                      "nominalConcurrencyShares": 50, "lendablePercent": 0, "borrowingLimitPercent": 60,
                      "limitResponse": {"type": "Queue",
                        "queuing": {"queues": 1, "handSize": 1, "queueLengthLimit": 50}}}}}
                    """), level("""
                    {"metadata": {"name": "catch-all"}, "spec": {"type": "Limited", "limited": {
                      "nominalConcurrencyShares": 50, "lendablePercent": 80,
                      "limitResponse": {"type": "Queue",
                        "queuing": {"queues": 1, "handSize": 1, "queueLengthLimit": 50}}}}}
                    """)), Fairness.usual().schemas());

    private static final String GLOBAL_LEVEL = "priority_level=\"global-default\"";

    @Test
    void aBusyLevelBorrowsFromOneThatIsNotAndGivesBack() {
        AtomicLong nanos = new AtomicLong();
        Turns turns = new Turns(10, Duration.ofMillis(1), () -> LENDING, nanos::get);
        assertThat(measured(turns, "nominal_limit_seats", GLOBAL_LEVEL)).isEqualTo(5);
        assertThat(measured(turns, "upper_limit_seats", GLOBAL_LEVEL)).isEqualTo(8);
        assertThat(measured(turns, "lower_limit_seats", "priority_level=\"catch-all\""))
                .isOne();
        List<Turn> taken = new ArrayList<>();
        for (int second = 0; second < 10; second++) {
            take(turns, asked("a")).ifPresent(taken::add);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        turns.lend();
        assertThat(measured(turns, "demand_seats_high_watermark", GLOBAL_LEVEL)).isGreaterThan(5);
        assertThat(measured(turns, "current_limit_seats", GLOBAL_LEVEL)).isEqualTo(8);
        while (taken.size() < 8) {
            taken.add(take(turns, asked("a")).orElseThrow());
        }
        assertThat(take(turns, asked("a"))).as("no more than it may borrow").isEmpty();
        taken.forEach(Turn::close);
        taken.clear();
        for (int i = 0; i < 8; i++) { // the other wants its own again
            take(turns, other()).ifPresent(taken::add);
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            turns.lend();
        }
        assertThat(measured(turns, "current_limit_seats", "priority_level=\"catch-all\""))
                .isEqualTo(5);
    }

    /** Somebody whom no usual schema but the last means. */
    private static Asked other() {
        return Asked.of(new User("x", "", Set.of(), Map.of()), "list", "", "pods", "default");
    }

    @Test
    void aLevelMayBecomeExempt() {
        AtomicReference<Fairness> said = new AtomicReference<>(Fairness.usual());
        Turns turns = new Turns(7, Duration.ofMillis(1), said::get, System::nanoTime);
        assertThat(take(turns, asked("a"))).isPresent();
        said.set(with(level("{\"metadata\": {\"name\": \"global-default\"}, \"spec\": {\"type\": \"Exempt\"}}")));
        for (int i = 0; i < 100; i++) {
            assertThat(take(turns, asked("b"))).isPresent();
        }
    }
}
