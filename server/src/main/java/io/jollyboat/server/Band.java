package io.jollyboat.server;

import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Numbers that are given out once, 1 to {@code count}. The lower band is left to those who ask for a certain number
 * while the upper one has any left (KEP-3070, KEP-3668). Whoever uses it holds the lock.
 */
final class Band {
    private final int count;
    private final int reserved;
    private final RandomGenerator random;
    private final BitSet taken;

    /** @param reserved how many belong to the lower band */
    Band(int count, int reserved, RandomGenerator random) {
        this.count = count;
        this.reserved = Math.min(reserved, count);
        this.random = random;
        this.taken = new BitSet();
    }

    boolean holds(int number) {
        return number >= 1 && number <= count;
    }

    boolean isFree(int number) {
        return !taken.get(number);
    }

    void take(int number) {
        taken.set(number);
    }

    void release(int number) {
        taken.clear(number);
    }

    /**
     * A free number, by chance, from the upper band where it has one; empty when all are taken. It is not yet taken.
     *
     * @param besides numbers that count as taken too
     */
    OptionalInt choose(Set<Integer> besides) {
        OptionalInt upper = between(reserved + 1, count, besides);
        return upper.isPresent() ? upper : between(1, reserved, besides);
    }

    /** The first free number from a random place on, around. */
    private OptionalInt between(int first, int last, Set<Integer> besides) {
        if (last < first) {
            return OptionalInt.empty();
        }
        int start = first + random.nextInt(last - first + 1);
        int found = next(start, besides);
        if (found > last) {
            found = next(first, besides);
        }
        return found > last ? OptionalInt.empty() : OptionalInt.of(found);
    }

    private int next(int from, Set<Integer> besides) {
        int found = taken.nextClearBit(from);
        while (besides.contains(found)) {
            found = taken.nextClearBit(found + 1);
        }
        return found;
    }
}
