package io.jollyboat.testing.fuzz;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A place where bytes come in from outside, and what must hold for all of them. As a test it takes its seeds, which are
 * also the ledger of inputs that once did harm, and a number of mutations of them that is always the same. The script
 * {@code .mvn/fuzz} gives the same class to Jazzer, for as long as one likes.
 */
@Timeout(300)
public abstract class FuzzContract {
    private static final long SEED = 20_261_123;

    private final String file;

    /** @param file of seeds, beside the class, in the form of {@link Seed} */
    protected FuzzContract(String file) {
        this.file = file;
    }

    /** Takes one input; what it throws is a defect. */
    protected abstract void take(byte[] input) throws Exception;

    /** How many mutations the test takes: about a second of them. */
    protected int mutations() {
        return 4_000;
    }

    /** Words of the language, which chance alone would not find. */
    protected List<String> words() {
        return List.of();
    }

    final List<Seed> seeds() {
        return Seed.read(getClass(), file);
    }

    @Test
    void seedsAreTaken() {
        seeds().forEach(seed -> take("seed \"" + seed.name() + "\"", seed.bytes()));
    }

    @Test
    void mutationsAreTaken() {
        Mutations mutations =
                new Mutations(SEED, seeds().stream().map(Seed::bytes).toList(), words());
        for (int i = 0; i < mutations(); i++) {
            take("mutation " + i, mutations.next());
        }
    }

    private void take(String what, byte[] input) {
        try {
            take(input);
        } catch (Exception | AssertionError | StackOverflowError e) {
            throw new AssertionError(what + ": " + Seed.encode(input), e);
        }
    }
}
