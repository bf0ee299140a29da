package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many write and read at the same time, and what each of them sees must be what may be seen. The number of a seed that
 * fails stands in the test's name; {@code -Djollyboat.seed=5} runs that one alone.
 */
class SimulationTest {
    private static final int SEEDS = 25;

    static LongStream seeds() {
        Long only = Long.getLong("jollyboat.seed");
        return only == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(only);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(300)
    void countersLoseNothing(long seed) throws InterruptedException {
        Simulation simulation = new Simulation(seed);
        Counters counters = new Counters(simulation);
        simulation.run();
        counters.check();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(300)
    void readersSeeOnePast(long seed) throws InterruptedException {
        Simulation simulation = new Simulation(seed);
        new Churn(simulation);
        Readers readers = new Readers(simulation);
        simulation.run();
        readers.check();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(300)
    void nothingIsAllocatedTwiceOrLost(long seed) throws InterruptedException {
        Simulation simulation = new Simulation(seed);
        Allocations allocations = new Allocations(simulation);
        simulation.run();
        assertThat(allocations.fill()).isEqualTo(Simulation.ADDRESSES);
    }
}
