package io.jollyboat.server.http.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.server.http.turns.Seats.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who gets a seat, and that none is lost. */
class SeatsTest {
    private static final int SEATS = 4;
    private static final int QUEUE = 300;
    private static final int MOST = 1_000;

    private final Seats seats = new Seats(SEATS, QUEUE, MOST);

    private static Ticket of(String flow) {
        return new Ticket(flow, 1);
    }

    /** So many requests of one flow at once; those that may begin. */
    private Deque<Ticket> flood(String flow, int number) {
        Deque<Ticket> seated = new ArrayDeque<>();
        for (int i = 0; i < number; i++) {
            Ticket ticket = of(flow);
            if (seats.arrive(ticket) == Place.SEAT) {
                seated.add(ticket);
            }
        }
        return seated;
    }

    @Test
    void whoComesWhileSeatsAreFreeBeginsAtOnce() {
        assertThat(flood("a", SEATS)).hasSize(SEATS);
        assertThat(seats.arrive(of("a"))).isEqualTo(Place.QUEUE);
        assertThat(seats.taken()).isEqualTo(SEATS);
        assertThat(seats.waiting()).isOne();
    }

    @Test
    void tenThousandRequestsOfOneDoNotDelayAnotherBeyondTheNextFreeSeat() {
        Deque<Ticket> noisy = flood("noisy", 10_000);
        assertThat(noisy).hasSize(SEATS);
        assertThat(seats.waiting()).isEqualTo(QUEUE);
        Ticket quiet = of("quiet");
        assertThat(seats.arrive(quiet)).isEqualTo(Place.QUEUE);
        assertThat(seats.leave(noisy.remove())).containsExactly(quiet);
    }

    @Test
    void seatsAreSharedEvenlyHoweverLongEachStays() {
        List<Ticket> all = new ArrayList<>(flood("a", 100));
        flood("b", 100);
        flood("c", 2);
        flood("d", 1);
        Map<String, Integer> taken = new HashMap<>();
        while (!all.isEmpty() && taken.size() < SEATS) {
            Ticket oldest = all.removeFirst();
            seats.leave(oldest).forEach(all::add);
            taken.clear();
            all.forEach(ticket -> taken.merge(ticket.flow(), 1, Integer::sum));
        }
        assertThat(taken).containsOnly(Map.entry("a", 1), Map.entry("b", 1), Map.entry("c", 1), Map.entry("d", 1));
    }

    @Test
    void aFlowsQueueIsBoundedAndSoAreAllTogether() {
        flood("a", SEATS + QUEUE);
        assertThat(seats.arrive(of("a"))).isEqualTo(Place.NONE);
        assertThat(seats.arrive(of("b"))).isEqualTo(Place.QUEUE);
        flood("c", QUEUE);
        flood("d", QUEUE);
        for (int i = 0; i < 2 * MOST; i++) {
            seats.arrive(of("flow " + i));
        }
        assertThat(seats.waiting()).isEqualTo(MOST);
        assertThat(seats.flows()).isLessThanOrEqualTo(MOST + SEATS);
    }

    @Test
    void aLargeRequestIsNotOvertakenForEver() {
        Deque<Ticket> small = flood("small", SEATS);
        Ticket large = new Ticket("large", SEATS + 10);
        assertThat(seats.arrive(large)).isEqualTo(Place.QUEUE);
        assertThat(seats.leave(small.remove())).isEmpty();
        assertThat(seats.arrive(of("new"))).as("a seat is free, but kept").isEqualTo(Place.QUEUE);
        assertThat(seats.leave(small.remove())).isEmpty();
        assertThat(seats.leave(small.remove())).isEmpty();
        assertThat(seats.leave(small.remove())).containsExactly(large);
        assertThat(seats.taken()).isEqualTo(SEATS);
        assertThat(seats.leave(large)).extracting(Ticket::flow).containsExactly("new");
    }

    @Test
    void whoGivesUpMakesWay() {
        Deque<Ticket> small = flood("small", SEATS);
        Ticket large = new Ticket("large", SEATS);
        Ticket next = of("next");
        seats.arrive(large);
        seats.leave(small.remove());
        assertThat(seats.arrive(next)).isEqualTo(Place.QUEUE);
        assertThat(seats.leave(large)).containsExactly(next);
        assertThat(seats.leave(large)).as("a second time").isEmpty();
        assertThat(seats.taken()).isEqualTo(SEATS);
    }

    /** Random arrivals, ends, withdrawals and numbers of seats, by seed: no seat is lost, none is given twice, nobody is forgotten. */
    @Test
    void nothingIsLostWhateverHappens() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            Seats tried = new Seats(1 + random.nextInt(8), 1 + random.nextInt(10), 1 + random.nextInt(30));
            List<Ticket> seated = new ArrayList<>();
            List<Ticket> waiting = new ArrayList<>();
            Map<Ticket, Integer> widths = new HashMap<>();
            for (int step = 0; step < 400; step++) {
                if (random.nextInt(40) == 0) {
                    List<Ticket> next =
                            tried.change(1 + random.nextInt(8), 1 + random.nextInt(10), 1 + random.nextInt(30));
                    waiting.removeAll(next);
                    next.forEach(ticket -> widths.put(ticket, Math.min(ticket.width(), tried.all())));
                    seated.addAll(next);
                } else if (random.nextInt(3) > 0) {
                    Ticket ticket = new Ticket("f" + random.nextInt(6), 1 + random.nextInt(4));
                    switch (tried.arrive(ticket)) {
                        case SEAT -> {
                            widths.put(ticket, Math.min(ticket.width(), tried.all()));
                            seated.add(ticket);
                        }
                        case QUEUE -> waiting.add(ticket);
                        case NONE -> assertThat(tried.waiting()).isEqualTo(waiting.size());
                    }
                } else {
                    List<Ticket> from = random.nextInt(4) == 0 || seated.isEmpty() ? waiting : seated;
                    if (!from.isEmpty()) {
                        List<Ticket> next = tried.leave(from.remove(random.nextInt(from.size())));
                        waiting.removeAll(next);
                        next.forEach(ticket -> widths.put(ticket, Math.min(ticket.width(), tried.all())));
                        seated.addAll(next);
                        assertThat(next).allMatch(ticket -> tried.taken() <= tried.all());
                    }
                }
                int taken = seated.stream().mapToInt(widths::get).sum();
                assertThat(tried.taken()).as("seed %d", seed).isEqualTo(taken);
                assertThat(tried.waiting()).as("seed %d", seed).isEqualTo(waiting.size());
            }
            while (!seated.isEmpty()) {
                List<Ticket> next = tried.leave(seated.removeLast());
                waiting.removeAll(next);
                seated.addAll(next);
            }
            assertThat(waiting).as("seed %d", seed).isEmpty();
            assertThat(tried.flows()).as("seed %d", seed).isZero();
        }
    }
}
