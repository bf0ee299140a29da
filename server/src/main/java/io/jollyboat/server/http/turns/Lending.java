package io.jollyboat.server.http.turns;

import io.jollyboat.server.http.turns.Demand.Seen;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How many seats each priority level has for the next while: those that want few lend to those that want many.
 *
 * <p>A level gets a part of what it wants, the same part for all, which makes the sum of all nominal seats; but never
 * less than its least and never more than its most. Example, ten seats, of which each gets 9/7 of what it wants:
 * <pre>
 *              nominal  least to most  wants    gets
 *     quiet      6          1 to 16      0      1, for it is taken to want its least
 *     busy       3          3 to 13      6      8
 *     alone      1          1 to 1       5      1, for it may not borrow
 * </pre>
 *
 * <p>Source: KEP-1040, "Dispatching" and "Seat Borrowing".
 *
 * @param levels by their names
 * @param part what the last division gave of what was wanted
 */
record Lending(Map<String, Loan> levels, double part) {
    /** What remains of an old peak after each division: half of it after five minutes. */
    private static final double REMAINS = 0.977;

    private static final double LEAST_WANTED = 0.001;

    static final Lending NONE = new Lending(Map.of(), 0);

    Lending {
        levels = Map.copyOf(levels);
    }

    /**
     * One level's part of a division.
     *
     * @param smoothed what it wants, where peaks fade slowly
     * @param target what it was taken to want
     * @param seats what it gets
     */
    record Loan(Seen seen, double smoothed, double target, int seats) {
        private static final Loan NONE = new Loan(new Seen(0, 0, 0, 0), 0, 0, 0);

        /** The same with what was seen since. */
        private Loan after(Seen now) {
            if (now.seconds() <= 0) {
                return new Loan(new Seen(0, now.most(), seen.average(), seen.deviation()), smoothed, target, seats);
            }
            double envelope = now.average() + now.deviation();
            return new Loan(now, Math.max(envelope, REMAINS * smoothed + (1 - REMAINS) * envelope), target, seats);
        }
    }

    /** Between what a level may get, and what it wants. */
    record Wish(double least, double most, double target) {
        Wish {
            target = Math.max(target, LEAST_WANTED);
        }

        double of(double part) {
            return Math.clamp(part * target, least, most);
        }
    }

    /** What one level may have, and what was seen of it since the last division. */
    record Asking(Limits limits, Seen seen) {}

    private record Wanting(Loan loan, Wish wish) {}

    /** The next division, among all levels that there are now. */
    Lending next(Map<String, Asking> asking) {
        Map<String, Wanting> wanting = new TreeMap<>();
        asking.forEach((name, one) -> {
            Loan loan = loan(name).after(one.seen());
            Limits limits = one.limits();
            double least = Math.max(
                    limits.least(), Math.min(limits.nominal(), loan.seen().most()));
            Wish wish = new Wish(least, limits.most(), Math.max(least, loan.smoothed()));
            wanting.put(name, new Wanting(loan, wish));
        });
        int all =
                asking.values().stream().mapToInt(one -> one.limits().nominal()).sum();
        double given = part(all, wanting.values().stream().map(Wanting::wish).toList());
        Map<String, Loan> next = new TreeMap<>();
        wanting.forEach((name, one) -> {
            int seats = (int) Math.round(one.wish().of(given));
            next.put(
                    name,
                    new Loan(
                            one.loan().seen(), one.loan().smoothed(), one.wish().target(), seats));
        });
        return new Lending(next, given);
    }

    /** What a level got; nothing for one that is new. */
    Loan loan(String level) {
        return levels.getOrDefault(level, Loan.NONE);
    }

    /**
     * The part of what each wants that makes {@code all} seats in all. The sum grows with the part, straight between
     * the points where somebody reaches his least or his most.
     */
    static double part(int all, List<Wish> wishes) {
        List<Double> bends = wishes.stream()
                .flatMap(wish -> Stream.of(wish.least() / wish.target(), wish.most() / wish.target()))
                .sorted()
                .toList();
        double before = 0;
        for (double bend : bends) {
            double high = sum(bend, wishes);
            if (high >= all) {
                double low = sum(before, wishes);
                return high > low ? before + (bend - before) * Math.max(0, all - low) / (high - low) : bend;
            }
            before = bend;
        }
        return before;
    }

    private static double sum(double part, List<Wish> wishes) {
        return wishes.stream().mapToDouble(wish -> wish.of(part)).sum();
    }
}
