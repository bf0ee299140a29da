package io.jollyboat.server.http.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.server.Fairness;
import io.jollyboat.server.User;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Threads that wait for their turn: they get it, give up, or are refused, and leave nothing behind. */
class TurnsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
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
        assertThat(measured(turns, "current_executing_seats", "priority_level=\"global-default\""))
                .isOne();
        turn.orElseThrow().close();
        assertThat(measured(turns, "current_executing_seats", "priority_level=\"global-default\""))
                .isZero();
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
        assertThat(measured(turns, "current_executing_seats", "priority_level=\"global-default\""))
                .isOne();
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

    @Test
    void whatTheObjectsSayHoldsAtOnceAndWhoHasASeatKeepsIt() {
        AtomicReference<Fairness> said = new AtomicReference<>(Fairness.usual());
        Turns turns = new Turns(7, Duration.ofMillis(1), said::get, System::nanoTime);
        Turn first = take(turns, asked("a")).orElseThrow();
        assertThat(take(turns, asked("b"))).isEmpty();
        said.set(with(level("""
                {"metadata": {"name": "global-default"},
                 "spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 100000, "limitResponse": {"type": "Reject"}}}}
                """)));
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
                .isOne();
        said.set(Fairness.usual());
        assertThat(measured(turns, "current_executing_seats", seats)).isEqualTo(7);
        taken.forEach(Turn::close);
        assertThat(take(turns, asked("c"))).as("the first has the only seat").isEmpty();
        first.close();
        assertThat(take(turns, asked("c"))).isPresent();
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
