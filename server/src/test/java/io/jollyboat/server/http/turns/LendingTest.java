package io.jollyboat.server.http.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jollyboat.server.http.turns.Lending.Asking;
import io.jollyboat.server.http.turns.Lending.Wish;
import io.jollyboat.testing.Cases;
import io.jollyboat.testing.Cases.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who lends how many seats to whom: {@code lending.cases}. */
class LendingTest {
    private static final double SLACK = 1e-6;

    static List<Case> cases() {
        return Cases.read(LendingTest.class, "lending.cases");
    }

    /** Each line is a level: name, nominal, least, most, then what was seen of it, one round after the other. */
    @ParameterizedTest
    @MethodSource("cases")
    void seatsAreLent(Case one) {
        List<Map<String, Asking>> rounds = new ArrayList<>();
        for (String line : one.part(0).lines().toList()) {
            String[] words = line.split("\\s+");
            Limits limits = new Limits(number(words[1]), number(words[2]), number(words[3]));
            for (int i = 4; i < words.length; i++) {
                if (rounds.size() < i - 3) {
                    rounds.add(new TreeMap<>());
                }
                int wanted = number(words[i]);
                rounds.get(i - 4).put(words[0], new Asking(limits, new Demand.Seen(10, wanted, wanted, 0)));
            }
        }
        Lending lending = Lending.NONE;
        List<String> seats = new ArrayList<>();
        for (Map<String, Asking> asking : rounds) {
            Lending next = lending.next(asking);
            asking.keySet()
                    .forEach(name -> seats.add(name + " " + next.loan(name).seats()));
            lending = next;
        }
        assertThat(String.join("\n", seats)).isEqualTo(one.part(1));
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }

    /** Whatever is wished: all seats are given, and each gets its part, its least or its most. */
    @Test
    void allSeatsAreGivenWhateverIsWished() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            List<Wish> wishes = new ArrayList<>();
            double low = 0;
            double high = 0;
            for (int j = 1 + random.nextInt(10); j > 0; j--) {
                double least = random.nextInt(50);
                double most = least + random.nextInt(100);
                wishes.add(new Wish(least, most, random.nextInt(4) == 0 ? least : least + random.nextInt(100)));
                low += least;
                high += most;
            }
            int all = (int) (low + random.nextInt((int) (high - low) + 1));
            double part = Lending.part(all, wishes);
            double given = wishes.stream().mapToDouble(wish -> wish.of(part)).sum();
            assertThat(given).as("%d of %s", all, wishes).isCloseTo(all, within(all * SLACK + SLACK));
        }
    }

    @Test
    void whatIsWantedIsWeighedByTime() {
        Demand demand = new Demand(0);
        demand.set(2, 0);
        demand.set(8, seconds(5));
        demand.set(0, seconds(6));
        Demand.Seen seen = demand.seen(seconds(10));
        assertThat(seen.seconds()).isEqualTo(10);
        assertThat(seen.most()).isEqualTo(8);
        assertThat(seen.average()).isCloseTo(1.8, within(SLACK)); // (5 * 2 + 1 * 8) / 10
        assertThat(seen.deviation()).isCloseTo(2.272, within(1e-3)); // of 5 times 2, 8, and 4 times 0
        demand.set(3, seconds(12));
        Demand.Seen next = demand.seen(seconds(14));
        assertThat(next.average()).as("the time before counts no more").isCloseTo(1.5, within(SLACK));
        assertThat(demand.seen(seconds(14))).as("no time").isEqualTo(new Demand.Seen(0, 3, 0, 0));
    }

    private static long seconds(int number) {
        return number * 1_000_000_000L;
    }
}
